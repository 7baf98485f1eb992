"""A run without REST: compares what the other sources list now with what they listed before.

A page that is not listed any more is asked for before it counts as removed.
"""

"""A run without REST: what the other sources list now, against what they listed before.

A page that is listed no more is asked for before anything is said of it.
"""

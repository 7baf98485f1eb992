"""Reads inline markup, and mends what was left in texts by mistake: shortcodes, double encoding.

Nothing here knows where the article stands or which field is read.
"""

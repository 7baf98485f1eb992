"""Decodes, checks and parses a page, reads its head and its JSON-LD, and tells its type.

Nothing here decides which part of the page is the article's text.
"""

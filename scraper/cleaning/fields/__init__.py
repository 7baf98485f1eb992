"""Reads the article's fields: title, dates, authors, terms, language, image, number of comments.

A field stays empty rather than wrong, and nothing here changes the text.
"""

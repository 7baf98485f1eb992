"""The article's fields: title, dates, authors, terms, language, image, number of comments.

A field is null rather than wrong.
"""

"""Where the article's text stands, and what of it is text, lead and credit lines.

Nothing here reads dates, names or other fields.
"""

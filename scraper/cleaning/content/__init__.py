"""Chooses the element of the article's text, and reads the text, the lead and the credit lines.

Nothing here reads dates, names or other fields.
"""

"""The page as a tree: how it is decoded and bounded, and what its head and its markup say.

Nothing here decides what belongs to the article.
"""

"""Which articles are meant: one selection for every command, and the search for words.

Nothing here writes an article, and nothing here prints one.
"""

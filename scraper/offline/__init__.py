"""Cleaning without requests: of stored pages, WARC files of other programs, saved HTML files.

Nothing here may open a connection.
"""

"""WARC files (ISO 28500): writes records, reads one by its place or all of a file.

A stored record is never changed. Nothing here decides which pages are fetched or are articles.
"""

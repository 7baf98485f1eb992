"""WARC files (ISO 28500): records written, read back by their place, and walked through.

Captures are never changed. Which pages are wanted, and what is an article, is decided elsewhere.
"""

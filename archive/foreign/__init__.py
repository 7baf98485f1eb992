"""Captures that other programs made: reads their files and counts what is left out.

Their bytes are taken as they are. Cleaning decides what becomes an article.
"""

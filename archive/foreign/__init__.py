"""Captures that other programs made: their files read record by record, and what is left out.

Their bytes are taken as they are. What becomes an article is decided by cleaning.
"""

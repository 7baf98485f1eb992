"""The end of a run: its coverage, its problems in words, and its verdict.

It only reads counts and states: it sends no request and writes no article.
"""

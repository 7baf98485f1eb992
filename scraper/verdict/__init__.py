"""The end of a run: its coverage, its problems in words, and its verdict.

It reads counts and states. It asks the site nothing and writes no article.
"""

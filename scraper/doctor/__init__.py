"""Looks at the program, the machine and an archive for what would make a crawl fail.

Nothing is fetched, and nothing is changed but for a small file that is written and removed again.
"""

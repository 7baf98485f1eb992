"""Decides when a site's layout is learnt and from which captured pages, and lets a child process
learn it with scraper.cleaning.layout.

Nothing here asks a site for anything.
"""

"""When a site's layout is learnt, and from which of its pages.

The learning itself is in scraper.cleaning.layout; here it meets the archive. All that is read and
learnt is done in children. Nothing here asks a site for anything.
"""

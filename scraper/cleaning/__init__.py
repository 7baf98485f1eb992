"""Cleaning: makes an article of a page's bytes.

    from scraper.cleaning import clean

    article = clean(html, "https://news.example/1402/10/20/rain/")

Nothing here asks a site for anything, or writes a file.
"""

from scraper.cleaning.cleaner import clean

__all__ = ["clean"]

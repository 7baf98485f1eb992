"""Cleaning: from a page's bytes to the article on it.

from scraper.cleaning import clean

article = clean(html, "https://news.example/1402/10/20/rain/")
"""

from scraper.cleaning.cleaner import clean

__all__ = ["clean"]

"""Learns a site's layout from its pages: where its articles' text stands, and what it repeats.

    from scraper.cleaning.layout import Sample, learn

Pages go in, a `Layout` comes out. Nothing here knows of files or of an archive.
"""

from scraper.cleaning.layout.layout import Layout, layout_of
from scraper.cleaning.layout.learn import learn
from scraper.cleaning.layout.sample import Sample

__all__ = ["Layout", "Sample", "layout_of", "learn"]

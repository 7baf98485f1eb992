"""What a site's own pages teach: where its articles' text stands, and what it always says.

from scraper.cleaning.layout import Sample, learn

Pages in, a `Layout` out; nothing here knows of files or of an archive.
"""

from scraper.cleaning.layout.layout import Layout, layout_of
from scraper.cleaning.layout.learn import learn
from scraper.cleaning.layout.sample import Sample

__all__ = ["Layout", "Sample", "layout_of", "learn"]

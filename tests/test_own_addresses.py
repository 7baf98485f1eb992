"""What of a sitemap is the site's own comes out of the child as it was in the file."""

from __future__ import annotations

import pickle

from spiders.sources.own_addresses import read_own
from spiders.sources.sitemap_file import Named

HOME = "https://khabar.example/fa/"
FILE = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://khabar.example/fa/1/</loc><lastmod> 2026-11-22\n </lastmod></url>
<url><loc>https://www.khabar.example/fa/خبر/</loc></url>
<url><loc>https://khabar.example/fa/3/</loc><lastmod></lastmod></url>
<url><loc>https://khabar.example/fa/</loc></url>
<url><loc>https://khabar.example/fa/tag/x/</loc></url>
<url><loc>https://khabar.example/en/1/</loc></url>
<url><loc>https://en.khabar.example/fa/1/</loc></url>
<url><loc>https://other.example/fa/1/</loc></url>
</urlset>"""


def test_only_the_sites_own_articles_with_their_lastmod() -> None:
    own = pickle.loads(pickle.dumps(read_own(FILE.encode(), f"{HOME}a.xml", HOME)))
    entries = own.entries()
    assert [entry.url for entry in entries] == [
        "https://khabar.example/fa/1/",
        "https://www.khabar.example/fa/خبر/",
        "https://khabar.example/fa/3/",
    ]
    assert entries[0] == Named("https://khabar.example/fa/1/", "2026-11-22")
    assert [bool(entry.lastmod) for entry in entries] == [True, False, False]
    assert entries[1].lastmod is None
    assert (own.named, own.below, own.branches) == (8, True, {"en.khabar.example"})
    assert own.sitemap.addresses == []


def test_a_file_of_another_site() -> None:
    own = read_own(FILE.encode(), "https://cdn.example/a.xml", "https://nobody.example/")
    assert (own.entries(), own.named, own.below, own.branches) == ([], 8, False, frozenset())

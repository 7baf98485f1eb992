"""What stands where an address should be and is none stops nothing behind it."""

from __future__ import annotations

import json

from archive.folder import Archive
from archive.index.index import ListedPost
from archive.writer.site_writer import SiteWriter
from tests.newsroom.newsroom import Newsroom
from tests.process import Baygan

BAD = ["//khabar.example/offer/", "http://khabar.example:443443/a", "http://[::1/a", "خبر"]


def test_an_older_archive_s_bad_addresses_are_refused_and_the_rest_is_fetched(
    baygan: Baygan, newsroom: Newsroom
) -> None:
    """Before every address was checked, one of them ended the night in front of the rest."""
    writer = SiteWriter(Archive(baygan.folder).site("news"))
    writer.index.add(ListedPost(url=url) for url in BAD)
    writer.close()
    done = baygan("crawl", "--json")
    run = json.loads(done.out)
    assert (run["new"], run["failed"]) == (13, 0)
    assert run["coverage"]["refused"]["bad-address"] == len(BAD)
    assert "inside baygan" not in done.err
    again = json.loads(baygan("crawl", "--json").out)
    assert (again["refused"], again["failed"]) == (0, 0)

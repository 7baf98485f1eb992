"""What comes from the web never commands a terminal; into a pipe it goes as it is."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

from archive.writer.site_writer import SiteWriter
from tests.archive.material import address, archived, article, exchange
from tests.newsroom.answer import Answer
from tests.newsroom.document import Document
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.request import Request
from tests.process import COMMAND, Baygan, on_terminal

ODD = "\u202e\u0085\u009b31m\u2067"
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def test_no_control_character_of_a_site_reaches_a_terminal(
    baygan: Baygan, newsroom: Newsroom
) -> None:
    def odd(request: Request, document: Document) -> Answer:
        posts = json.loads(document.body)
        for post in posts:
            post["link"] = f"{post['link']}?{ODD}"
        return Answer.page(json.dumps(posts).encode(), content_type="application/json")

    newsroom.be(odd, "/wp-json/wp/v2/posts*")
    for words in (("crawl", "--dry-run"), ("crawl", "--json"), ("export",), ("export", "--csv")):
        shown = on_terminal([*COMMAND, *words], baygan.folder, {}, both=True)
        # Our own bars move the cursor.
        text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\r", "", shown.err)
        assert text.strip(), words
        assert not _COMMANDS.search(text), words
    exported = baygan("export").out
    assert ODD in exported
    assert [json.loads(line) for line in exported.strip().split("\n")]


def test_csv_keeps_what_looks_like_an_escape_sequence(tmp_path: Path) -> None:
    site = archived(tmp_path / "archive", 1)
    with SiteWriter(site) as writer:
        told = replace(article(2), title="تیتر \x1b[31mسرخ\x1b[0m")
        writer.keep(address(2), told, writer.capture(exchange(2)))
    done = Baygan(site.archive.path)("export", "--csv", "--fields", "title")
    assert done.out.splitlines()[-1] == told.title

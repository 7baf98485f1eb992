"""A citation names the capture, and no mark in a title or a name breaks its form."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import pytest

from archive.citation.citation import Citation, cite
from archive.citation.forms import FORMS, bibtex, csl, sentence
from archive.citation.pwid import archive_id, pwid
from archive.errors import Damaged
from archive.folder import Archive, SiteFolder
from archive.model import Article, Hints
from archive.writer.site_writer import SiteWriter
from scraper.commands.show import show
from tests.archive.material import HOME, exchange
from tests.readers import need, rows

URL = f"{HOME}?p=7&t={{x}}#a"
TITLE = 'پنجاه\u200cدرصد {100%} & \\LaTeX} $5 #1 a_b ~ ^ "x"\nخط دوم'
AUTHORS = ("مهتاب رستگار", "رضا and پسران", "{نام} & شرکا")


@pytest.fixture
def site(tmp_path: Path) -> SiteFolder:
    """An archive with a contact, and post 7, published at half past midnight in Tehran."""
    (tmp_path / "sites.toml").write_text(
        '[archive]\ntitle = "خبرهای نمونه"\ncontact = "Sara <sara@archive.example>"\n'
        f'[sites.khabar]\nurl = "{HOME}"\n'
    )
    site = Archive(tmp_path).site("khabar")
    article = Article(
        title=TITLE, text="متن", authors=AUTHORS, language="fa-IR", post_id=7, post_type="post",
        published=datetime(2026, 3, 20, 21, 0, tzinfo=UTC), date_source="rest",
    )  # fmt: skip
    with SiteWriter(site) as writer:
        hints = Hints(post_id=7, post_type="post", site_name="خبرگزاری خبر")
        fetched = replace(exchange(7), page_url=URL, hints=hints)
        writer.keep(URL, article, writer.capture(fetched))
    return site


@pytest.fixture
def citation(site: SiteFolder) -> Citation:
    return cite(site, site.article("khabar/post/7"))


def test_a_citation_is_that_of_the_capture(site: SiteFolder, citation: Citation) -> None:
    line = site.article("khabar/post/7")
    record = site.record(line)
    assert record.field("WARC-Payload-Digest") == f"sha256:{citation.sha256}"
    assert record.field("WARC-Record-ID") == f"<{citation.record_id}>"
    date = record.field("WARC-Date") or ""
    assert citation.captured == datetime.fromisoformat(date)
    assert citation.site == "خبرگزاری خبر"
    assert citation.pwid == f"urn:pwid:archive.example:{date[:19]}Z:part:{HOME}%3Fp=7"
    assert unquote(citation.pwid).endswith(record.field("WARC-Target-URI") or "-")


def test_days_are_iran_s(citation: Citation) -> None:
    """21:00 UTC is half past midnight of Nowruz in Tehran."""
    assert (str(citation.issued), citation.jalali) == ("2026-03-21", "1405-01-01")
    assert "2026-03-21 (1405-01-01)" in sentence(citation)
    assert json.loads(csl(citation))[0]["issued"] == {"date-parts": [[2026, 3, 21]]}


def test_braces_are_even_in_every_value(citation: Citation) -> None:
    """BibTeX counts them, also behind a backslash."""
    depth = 0
    for letter in bibtex(citation):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        assert depth >= 0
    assert depth == 0


def test_bibtex_is_read_by_pybtex(tmp_path: Path, citation: Citation) -> None:
    need("pybtex")
    code = """
from pybtex.database import parse_file
from pybtex.richtext import Text
def text(latex):
    # LaTeX knows these, pybtex does not.
    signs = {"braceleft{}": "⟨", "braceright{}": "⟩", "asciicircum{}": "†"}
    for command, sign in signs.items():
        latex = latex.replace("\\\\text" + command, sign)
    latex = latex.replace("\\\\$", "$")
    return str(Text.from_latex(latex)).translate(str.maketrans("⟨⟩†", "{}^"))
def rows():
    data = parse_file("sources.bib", bib_format="bibtex")
    for key, entry in data.entries.items():
        yield {
            "key": key,
            "title": text(entry.fields["title"]),
            "authors": [text(str(person)) for person in entry.persons["author"]],
            "year": entry.fields["year"],
            "url": entry.fields["url"],
            "note": text(entry.fields["note"]),
        }
"""
    (tmp_path / "sources.bib").write_text(bibtex(citation) + "\n")
    [found] = rows(code, tmp_path)
    assert found["key"] == "khabar-post-7-v1"
    assert found["authors"] == list(AUTHORS)
    assert found["title"] == " ".join(TITLE.split())
    assert (found["year"], found["url"]) == ("2026", f"{HOME}?p=7&t=%7Bx%7D#a")
    assert citation.evidence in found["note"]


def test_csl_is_read_by_citeproc(tmp_path: Path, citation: Citation) -> None:
    need("citeproc")
    (tmp_path / "sources.json").write_text(csl(citation))
    code = """
import json
from citeproc.source.json import CiteProcJSON
def rows():
    for key, item in CiteProcJSON(json.load(open("sources.json"))).items():
        issued = item["issued"]
        yield {
            "key": key, "title": str(item["title"]), "type": item["type"],
            "authors": [name["literal"] for name in item["author"]],
            "issued": [issued.year, issued.month, issued.day],
        }
"""
    [found] = rows(code, tmp_path)
    assert found["authors"] == list(AUTHORS)
    assert found["title"] == " ".join(TITLE.split())
    assert found["issued"] == [2026, 3, 21]


def test_what_is_not_known_is_left_out(site: SiteFolder, citation: Citation) -> None:
    bare = replace(
        citation, title=None, authors=(), issued=None, jalali=None, language=None, pwid=None
    )
    for form in FORMS.values():
        assert "None" not in form(bare)
        assert bare.sha256 in form(bare)
        assert bare.record_id in form(bare)
    assert "without a date" in sentence(bare)
    assert "author" not in json.loads(csl(bare))[0]


def test_show_offers_all_forms() -> None:
    [choice] = [option.type for option in show.params if option.name == "cite"]
    assert getattr(choice, "choices", None) == tuple(FORMS)


@pytest.mark.parametrize(
    ("contact", "named"),
    [
        ("archive@example.org", "example.org"),
        ("Sara Karimi <sara@Library.Example.org>", "library.example.org"),
        ("https://www.example.org/about", "example.org"),
        ("ask@خبر.example", "xn--ngblk.example"),
        ("+98 21 1234", None),
        ("sara@localhost", None),
        ("a@b:c.example/../x", None),
        ("", None),
        (None, None),
    ],
)
def test_an_archive_is_named_by_the_domain_of_its_contact(
    contact: str | None, named: str | None
) -> None:
    assert archive_id(contact) == named


def test_a_pwid_is_a_urn() -> None:
    """RFC 8141: neither `?` nor `#` nor brackets may be in it."""
    when = datetime(2026, 11, 22, 0, 30, 9, 999999, UTC)
    assert pwid("example.org", when, "http://[::1]/%D8%A7?p=1#a") == (
        "urn:pwid:example.org:2026-11-22T00:30:09Z:part:http://%5B::1%5D/%D8%A7%3Fp=1%23a"
    )


def test_a_capture_that_is_gone_is_not_cited(site: SiteFolder) -> None:
    line = site.article("khabar/post/7")
    for path in site.path.glob("warc/*/*"):
        path.unlink()
    with pytest.raises(Damaged):
        cite(site, line)

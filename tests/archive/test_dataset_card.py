"""What a card says of a data set, counted from its lines."""

from __future__ import annotations

from pathlib import Path

from archive.dataset import sentences
from archive.dataset.about import About, Form
from archive.dataset.card import card
from archive.dataset.tally import LineTally
from archive.jsonl.article_line import ArticleLine
from archive.tables.line_columns import line_columns
from tests.archive.material import archived
from tests.archive.odd_lines import odd_lines
from tests.process import Baygan

LINES = list(odd_lines())[-6:]


def about(*lines: ArticleLine) -> About:
    tally = LineTally()
    assert list(tally.counting(lines)) == list(lines)
    return About(
        title="خبر", operator=None, contact=None, form=Form(), columns=line_columns(), tally=tally,
        gaps=(), size=1, sha256="0" * 64, made="2026-11-22",
    )  # fmt: skip


def test_captures_of_other_programs_are_told() -> None:
    """What is said of how pages were captured does not hold for them."""
    first = LINES[0]
    file = first["warc"]["file"].replace("khabar-", "khabar-import-")
    imported: ArticleLine = {**first, "warc": {**first["warc"], "file": file}}
    told = " ".join(sentences.how(about(imported, *LINES[1:])))
    assert "This does not hold for 1 version: another program captured" in told
    assert "another program" not in " ".join(sentences.how(about(*LINES)))


def test_articles_and_versions_are_counted_apart() -> None:
    second: ArticleLine = {**LINES[0], "version": 2, "published": None, "published_jalali": None}
    found = about(*LINES, second)
    assert (found.tally.lines, found.tally.articles) == (7, 6)
    assert sentences.what(found)[0] == "7 versions of 6 articles of 1 news site."
    undated = sum(line["published"] is None for line in LINES) + 1
    assert f"{undated} versions without a date of publication." in sentences.gaps(found)


def test_a_data_set_of_nothing_has_a_card() -> None:
    told = card(about())
    assert "0 versions of 0 articles of 0 news sites." in told
    assert "None" not in told and "captured from" not in told
    assert "No page is in it" in told


def test_the_sites_that_were_chosen_are_told(tmp_path: Path) -> None:
    baygan = Baygan(archived(tmp_path / "archive", 1).archive.path)
    assert baygan("export", "khabar", "--type", "post", "--dataset", "some").code == 0
    told = (baygan.folder / "some" / "README.md").read_text()
    assert "a selection of what the archive holds: khabar --type post." in told


def test_a_title_is_to_be_filled_in_if_nothing_gives_one(tmp_path: Path) -> None:
    assert Baygan(tmp_path)("init", "new").code == 0
    assert Baygan(tmp_path / "new")("export", "--dataset", "set").code == 0
    assert "# FILL IN: a title" in (tmp_path / "new" / "set" / "README.md").read_text()

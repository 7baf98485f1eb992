"""baygan diff: which words went and which came, and what is no difference."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archive.folder import Archive
from archive.text.diff import Piece, compare
from archive.writer.site_writer import SiteWriter
from tests.archive.material import address, archived, article, exchange
from tests.process import COMMAND, Baygan, on_terminal

OLD = "سدها ۱۲ درصد پر شدند.\n\nمی‌گویند باران در راه است.\n\nکشاورزان نگران‌اند."
NEW = (
    "سدها ۱۵ درصد پر شدند.\n\nمي‌گويند بــاران در راه است.\n\nدولت وام می‌دهد.\n\nکشاورزان نگران اند."
)
ID = "khabar/post/7"
"""An article of two versions."""


def marked(pieces: list[Piece]) -> str:
    marks = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}
    return "".join(marks[piece.kind].format(piece.text) for piece in pieces)


def both(pieces: list[Piece]) -> tuple[str, str]:
    """The words of the two texts that were compared."""
    old, new = (
        "".join(piece.text for piece in pieces if piece.kind != kind) for kind in ("new", "gone")
    )
    return " ".join(old.split()), " ".join(new.split())


def test_words_that_went_and_came() -> None:
    assert marked(compare("سدها ۱۲ درصد پر شدند.", "سدها ۱۵ درصد پر شدند.")) == (
        "سدها [-۱۲-]{+۱۵+} درصد پر شدند."
    )
    assert marked(compare("باران آمد", "باران تند آمد")) == "باران {+تند +}آمد"
    assert marked(compare("", "باران")) == "{+باران+}"
    assert compare("", "") == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("می‌گوید كتاب", "میگوید کتاب"),
        ("سال ۱۴۰۲", "سال 1402"),
        ("علـــی", "علی"),
        ("مُهر", "مهر"),
        ("یک  دو", "یک دو"),
        ("نگران‌اند", "نگران اند"),
    ],
)
def test_spelling_is_no_difference(old: str, new: str) -> None:
    assert compare(old, new) == [Piece("same", new)]


def test_paragraphs_that_went_and_came() -> None:
    old, new = (
        "یکم اینجا بود.\n\nدوم رفت.\n\nسوم ماند.",
        "یکم اینجا بود.\n\nسوم ماند.\n\nچهارم آمد.",
    )
    assert marked(compare(old, new)) == (
        "یکم اینجا بود.[-\n\nدوم رفت.-]\n\nسوم ماند.{+\n\nچهارم آمد.+}"
    )


def test_a_long_paragraph_of_many_changes_is_compared() -> None:
    """To look at all pairs of blanks again for each change would take an hour."""
    words = [f"واژه{number}" for number in range(3000)]
    after = [word if number % 2 else f"نو{word}" for number, word in enumerate(words)]
    pieces = compare(" ".join(words), " ".join(after))
    assert both(pieces) == (" ".join(words), " ".join(after))
    same = "".join(piece.text for piece in pieces if piece.kind == "same")
    assert same.split() == words[1::2]


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        (40_000 * "باران ", 40_000 * "باران " + "آمد", {("new", "آمد")}),
        (30_000 * "الف " + "ب", "پ " + 29_999 * "الف " + "ب", {("gone", "الف"), ("new", "پ")}),
        (20_000 * "*\n\n", 20_001 * "*\n\n", {("new", "*")}),
    ],
    ids=["a word more", "another first word", "a paragraph more"],
)
def test_one_word_again_and_again_is_compared(
    old: str, new: str, changed: set[tuple[str, str]]
) -> None:
    pieces = compare(old, new)
    assert {(one.kind, one.text.strip()) for one in pieces if one.kind != "same"} == changed
    assert both(pieces) == (" ".join(old.split()), " ".join(new.split()))


def test_both_texts_can_be_read_out_of_the_pieces() -> None:
    pieces = compare(OLD, NEW)
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == NEW
    old = "".join(piece.text for piece in pieces if piece.kind != "new")
    assert [piece.kind for piece in compare(OLD, old)] == ["same"]


@pytest.fixture
def baygan(tmp_path: Path) -> Baygan:
    """An archive with an article of two versions, and one of a single version."""
    site = archived(tmp_path / "archive", 8)
    for text in (OLD, NEW):
        with SiteWriter(site) as writer:
            told = replace(article(7, text), title=f"خبر سدها {len(text)}")
            writer.keep(address(7), told, writer.capture(exchange(7)))
    return Baygan(tmp_path / "archive")


def test_the_last_two_versions_are_compared(baygan: Baygan) -> None:
    done = baygan("diff", ID)
    assert (done.code, done.err) == (0, "")
    before, after, _, title, _, *text = done.out.splitlines()
    assert before.startswith(f"--- {ID} version 1, fetched ")
    assert after.startswith(f"+++ {ID} version 2, fetched ")
    assert title == f"خبر سدها [-{len(OLD)}-]{{+{len(NEW)}+}}"
    assert text[0] == "سدها [-۱۲-]{+۱۵+} درصد پر شدند."
    assert "{+\n\nدولت وام می\u200cدهد.+}\n\nکشاورزان نگران اند." in done.out
    assert baygan("diff", ID, "1").out == baygan("diff", ID, "1", "2").out == done.out


def test_colour_is_for_terminals_that_want_it(baygan: Baygan) -> None:
    command = [*COMMAND, "diff", ID]
    shown = on_terminal(command, baygan.folder, {}, both=True).err
    assert "\x1b[31m\x1b[9m۱۲\x1b[0m\x1b[32m۱۵\x1b[0m" in shown.replace("\x1b[29m", "")
    plain = on_terminal(command, baygan.folder, {"NO_COLOR": "1"}, both=True).err
    assert "\x1b" not in plain and "[-۱۲-]{+۱۵+}" in plain


def test_a_page_for_a_browser_runs_nothing(baygan: Baygan) -> None:
    page = baygan("diff", "--html", ID).out
    assert '<html lang="fa" dir="rtl">' in page
    assert "content=\"default-src 'none'; style-src 'unsafe-inline'\"" in page
    assert "<del>۱۲</del><ins>۱۵</ins>" in page


def test_what_a_page_says_is_no_markup(baygan: Baygan) -> None:
    site = Archive(baygan.folder).site("khabar")
    with SiteWriter(site) as writer:
        text = '<script>alert("x")</script> \x1b[2J'
        told = replace(article(7, text), title="<b>&</b>")
        writer.keep(address(7), told, writer.capture(exchange(7)))
    page = baygan("diff", "--html", ID).out
    assert "<script" not in page and "&lt;" in page and "\x1b" not in page
    assert "\x1b" not in baygan("diff", ID).out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("khabar/post/8",), "has one version"),
        ((ID, "1", "3"), "has no version 3; it has 1, 2"),
        ((ID, "2"), "are the same"),
        (("khabar/post/99",), "no article"),
        ((ID, "0"), "0 is not in the range"),
    ],
)
def test_what_cannot_be_compared(baygan: Baygan, arguments: tuple[str, ...], words: str) -> None:
    done = baygan("diff", *arguments)
    assert (done.code, done.out) == (2, "")
    assert words in " ".join(done.err.split())


def test_show_lists_the_versions(baygan: Baygan) -> None:
    first, second = baygan("show", "--versions", ID).out.splitlines()
    assert first.split("  ")[0] == "1" and first.endswith(f"Z  -  -  خبر سدها {len(OLD)}")
    assert second.split("  ")[0] == "2"
    assert f"baygan diff {ID}" in baygan("show", "--versions", ID, terminal=True).err

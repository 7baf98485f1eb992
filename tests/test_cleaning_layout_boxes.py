"""What stands beside the text in one box with it: readers' comments, lines of facts."""

from __future__ import annotations

import re
from random import Random

import pytest

from archive.model import Hints
from scraper.cleaning import clean
from scraper.cleaning.layout import Layout, Sample, learn
from tests.gold.score import leaked
from tests.themes.story import Story, stories
from tests.themes.theme import Theme

STORIES = stories(60, 4)
TAUGHT = 45
THEME = Theme(5, wide=True)
SAID = (
    "چه خوب که نوشتید، ما هم همین را دیده بودیم.",
    "کاش زودتر خبر می‌دادید.",
    "من با این حرف هم‌رأی نیستم و دلیلش را هم گفته‌ام.",
    "دنبالهٔ ماجرا را هم بنویسید.",
)
READER = THEME.name("reader").encode()


def printed(number: int) -> bytes:
    """A story's page, the text directly beside headline and comments."""
    posts = [story.post for story in STORIES]
    return THEME.page(STORIES[number], [posts[(number * 7 + n * 11 + 3) % 60] for n in range(1, 9)])


def commented(number: int) -> bytes:
    """The same; readers say what others have said."""
    chance = Random(number)
    page = printed(number)
    said = rb"(<div" + READER + rb"><i>[^<]*</i><p>)[^<]*"
    return re.sub(said, lambda found: found[1] + chance.choice(SAID).encode(), page)


def crowded(number: int) -> bytes:
    """The same, of a post about which there are more comments than text."""
    readers = f"<div{THEME.name('readers')}>".encode()
    one = f"<div{THEME.name('reader')}><i>رهگذر</i><p>{{}}</p></div>"
    crowd = "".join(one.format(SAID[n % len(SAID)]) for n in range(300)).encode()
    page = commented(number)
    assert readers in page
    return page.replace(readers, readers + crowd)


def taught(pages: list[bytes], contents: list[str | None]) -> Layout:
    """The layout that some pages teach."""
    told = zip(STORIES, pages, contents, strict=True)
    layout = learn(
        Sample(f"https://dafter.example/{story.post.id}/", page, content, story.post.published)
        for story, page, content in list(told)[:TAUGHT]
    )
    assert layout is not None
    return layout


def contents(told: bool) -> list[str | None]:
    return [THEME.content(story) if told else None for story in STORIES]


def text_of(page: bytes, story: Story, layout: Layout | None) -> str:
    return clean(page, None, Hints(post_id=story.post.id), layout=layout).text


@pytest.mark.parametrize("told", [True, False], ids=["told", "untold"])
def test_readers_who_say_what_others_have_said(told: bool) -> None:
    pages = [commented(number) for number in range(len(STORIES))]
    layout = taught(pages, contents(told))
    texts = [text_of(page, s, layout) for page, s in zip(pages, STORIES, strict=True)]
    assert [text for text in texts if leaked(text, SAID)] == []
    whole = zip(texts, STORIES, strict=True)
    assert [b.text for text, story in whole for b in story.blocks if b.text not in text] == []


@pytest.mark.parametrize("told", [True, False], ids=["told", "untold"])
def test_more_comments_than_text(told: bool) -> None:
    layout = taught([commented(number) for number in range(len(STORIES))], contents(told))
    for number in (3, 50, 55):
        story = STORIES[number]
        text = text_of(crowded(number), story, layout)
        assert leaked(text, SAID) == []
        assert [block.text for block in story.blocks if block.text not in text] == []


@pytest.mark.parametrize("told", [True, False], ids=["told", "untold"])
@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
def test_what_stands_behind_the_text_comes_into_it_by_a_tag_left_open(
    told: bool, wide: bool
) -> None:
    """A post split in two inside a box: each of its pages opens or closes what the other does."""
    theme = Theme(8, wide=wide)
    posts = [story.post for story in STORIES]
    foot = "کهربا از آن خوانندگانش است و پروانهٔ کار دارد."

    def page(number: int) -> bytes:
        others = [posts[(number * 7 + n * 11 + 3) % 60] for n in range(1, 9)]
        whole = theme.page(STORIES[number], others)
        imprint = f"<div{theme.name('imprint')}><p>{foot}</p></div></body>".encode()
        return whole.replace(b"</body>", imprint)

    told_contents = [theme.content(story) if told else None for story in STORIES]
    layout = taught([page(number) for number in range(len(STORIES))], told_contents)
    for number in range(TAUGHT, len(STORIES)):
        story = STORIES[number]
        first = story.markup()[0].encode()
        whole = page(number)
        assert first in whole
        for opened in (b"<div dir='rtl'>" * 7, b"<section>" + b"<div>" * 7):
            text = text_of(whole.replace(first, opened + first), story, layout)
            assert foot not in text
            assert [block.text for block in story.blocks if block.text not in text] == []


def test_a_box_that_holds_all_of_the_text_is_no_box_beside_it() -> None:
    """On one page the text stands in what is the comments' box elsewhere."""
    layout = taught([commented(number) for number in range(len(STORIES))], contents(True))
    story = STORIES[50]
    inside = "".join(story.markup())
    page = f"""<html><body><div{THEME.name("root")}><h1>{story.post.title}</h1>
        <div{THEME.name("reader")}>{inside}</div></div></body></html>""".encode()
    text = text_of(page, story, layout)
    assert [block.text for block in story.blocks if block.text not in text] == []


@pytest.mark.parametrize("told", [True, False], ids=["told", "untold"])
def test_a_line_of_facts_need_be_no_block(told: bool) -> None:
    """`<span>`s directly beside headings and paragraphs are blocks to a reader, too."""
    facts = re.compile(rb"<div" + THEME.name("facts").encode() + rb">(.*?)</div>")

    def bare(number: int) -> bytes:
        day = f"{STORIES[number].post.published:%Y-%m-%d}".encode()
        line = b'<span class="zqk">%s</span><hr>' % day
        return facts.sub(line, printed(number))

    pages = [bare(number) for number in range(len(STORIES))]
    layout = taught(pages, contents(told))
    texts = [text_of(page, s, layout) for page, s in zip(pages, STORIES, strict=True)]
    days = [f"{story.post.published:%Y-%m-%d}" for story in STORIES]
    assert [day for day, text in zip(days, texts, strict=True) if leaked(text, [day])] == []


@pytest.mark.parametrize("told", [True, False], ids=["told", "untold"])
def test_a_table_behind_an_advertisement_is_the_posts(told: bool) -> None:
    """Nothing behind the advertisement is prose, and yet the table is no reader's."""
    share = f"<div{THEME.name('share')}>".encode()
    advert = b'<div class="jql"><p>\xda\xa9\xd9\x88\xdb\x8c</p></div>'

    def rows(number: int) -> list[str]:
        chance = Random(number)
        return [f"{name}\t{chance.randint(100, 999)} تومان" for name in ("دلار", "یورو", "درهم")]

    def table(number: int) -> str:
        cells = (f"<td>{'</td><td>'.join(row.split(chr(9)))}</td>" for row in rows(number))
        return f'<table class="nrkh"><tr>{"</tr><tr>".join(cells)}</tr></table>'

    def priced(number: int) -> bytes:
        shown = table(number).encode() if number % 5 == 0 else b""
        page = re.sub(rb"(<div" + READER + rb">).*?</div>", b"", commented(number))
        return page.replace(share, advert + shown + share)

    pages = [priced(number) for number in range(len(STORIES))]
    said = [
        content and content + (table(number) if number % 5 == 0 else "")
        for number, content in enumerate(contents(told))
    ]
    layout = taught(pages, said)
    for number in range(0, len(STORIES), 5):
        text = text_of(pages[number], STORIES[number], layout)
        assert [row for row in rows(number) if row not in text] == []

"""What a site's pages teach, in themes whose names mean nothing and houses that no list knows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from statistics import fmean

import pytest

from archive.model import Article, Hints
from archive.warc.listed_content import ListedContent
from scraper.cleaning import clean
from scraper.cleaning.layout import Layout, Sample, learn
from scraper.cleaning.layout.sample import key_of
from tests.gold.score import leaked, score
from tests.newsroom.jalali import jalali, spelled
from tests.newsroom.post import Block, Post
from tests.sister import sisters
from tests.themes.story import BACKGROUND, COLUMN, NEXT, RATES, WEATHER, Story, stories
from tests.themes.theme import Theme

TAUGHT = 50
STORIES = stories(70, 3)
KINDS = {
    "one box": Theme(2),
    "a headline that is no heading": Theme(4),
    "beside headline and comments": Theme(5, wide=True),
    "two halves": Theme(7, split=True),
    "a box without a name": Theme(8, bare=True),
    "sentences of the theme's alone": Theme(11, filtered=False),
    "boxes amid the text and articles below": Theme(12, busy=True),
}


class Site:
    """A theme's pages of some stories, each changed by `bent`, and what the first ones teach."""

    def __init__(
        self,
        theme: Theme,
        told: bool,
        written: list[Story] = STORIES,
        bent: Callable[[bytes, Story], bytes] = lambda page, _: page,
        day: datetime | None = None,
    ) -> None:
        self.theme, self.stories = theme, written
        self.pages = [bent(theme.page(s, self._others(n)), s) for n, s in enumerate(written)]
        self.samples = [
            Sample(
                f"https://dafter.example/{story.post.id}/",
                page,
                theme.content(story) if told else None,
                day or story.post.published,
            )
            for story, page in zip(written[:TAUGHT], self.pages, strict=False)
        ]
        self.layout = learn(self.samples)

    def _others(self, number: int) -> list[Post]:
        posts = [story.post for story in self.stories]
        return [posts[(number * 7 + n * 11 + 3) % len(posts)] for n in range(1, 9)]

    def article(self, number: int, hints: Hints | None = None) -> Article:
        hints = hints or Hints(post_id=self.stories[number].post.id)
        return clean(self.pages[number], "https://dafter.example/x/", hints, layout=self.layout)

    def texts(self) -> list[tuple[Story, str]]:
        """All stories with their texts, those not taught from too."""
        return [(story, self.article(n).text) for n, story in enumerate(self.stories)]

    def missing(self) -> list[str]:
        """The blocks of the stories that their texts lack."""
        return [b.text for story, text in self.texts() for b in story.blocks if b.text not in text]

    def said(self) -> list[str]:
        """What the house says, once for each text it stands in."""
        return [line for _, text in self.texts() for line in leaked(text, self.theme.house.junk())]


@pytest.mark.parametrize("told", [*sisters(True), False])
@pytest.mark.parametrize("theme", KINDS.values(), ids=KINDS.keys())
def test_a_theme_that_nobody_knows_is_read_as_one_that_is_known(theme: Theme, told: bool) -> None:
    site = Site(theme, told)
    found = [score(text, story.paragraphs).f1 for story, text in site.texts()]
    assert fmean(found) >= 0.99
    assert min(found) >= 0.9
    assert len(site.said()) <= 0.01 * len(found)
    furniture = theme.house.furniture()
    assert [line for _, text in site.texts() for line in leaked(text, furniture)] == []
    repeated = {*COLUMN, *WEATHER[:1], BACKGROUND, NEXT, RATES}
    assert repeated.isdisjoint(site.missing())


def test_without_a_layout_it_is_not() -> None:
    """The themes are as strange as they are meant to be."""
    site = Site(KINDS["one box"], told=True)
    site.layout = None
    assert len(site.said()) > 0.9 * len(site.stories)


def weather(number: int, story: Story) -> Story:
    if number % 9 > 3:
        return story
    chance = Random(number)
    degrees = [chance.randint(5, 40) for _ in range(2)]
    post = replace(story.post, title=f"هوای فردای {number} شهر و {story.post.title[:20]}")
    opening = Block("p", "هواشناسی برای فردا آسمانی صاف تا کمی ابری پیش‌بینی می‌کند.")
    told = Block("p", f"گرم‌ترین شهر {degrees[0]} و سردترین {degrees[1]} درجه خواهد بود.")
    ending = Block("p", "رانندگان پیش از سفر از وضع راه‌ها باخبر شوند.")
    subhead = Block("h2", "دمای شهرها")
    return replace(story, post=post, blocks=(opening, subhead, told, *story.blocks, ending))


def column(number: int, story: Story) -> Story:
    """A column that its pages' titles do not name."""
    if number % 4:
        return story
    opening = Block("p", "در این ستون هر هفته پای درد دل یک همشهری می‌نشینیم و می‌نویسیم.")
    ending = Block("p", "هفتهٔ دیگر سراغ همشهری دیگری می‌رویم.")
    return replace(story, blocks=(opening, *story.blocks, ending))


def columns(number: int, story: Story) -> Story:
    """A house of nothing but columns, each with a farewell of its own."""
    name = ("باغچه", "دیدگاه", "نامه‌ها", "شعر")[number % 4]
    post = replace(story.post, title=f"{name}: {story.post.title}")
    ending = Block("p", f"{name} تا شنبه‌ای دیگر با خوانندگانش بدرود می‌گوید و می‌رود.")
    return replace(story, post=post, blocks=(*story.blocks, ending))


def rates(number: int, story: Story) -> Story:
    """A house that tells nothing but prices, in the same words every day."""
    chance = Random(number)
    gold, dollar, coin = (chance.randint(30_000, 90_000) for _ in range(3))
    texts = (f"بهای هر گرم طلا در بازار امروز به {gold} تومان رسید.",)
    rows = (f"دلار {dollar} تومان", f"سکهٔ نیم {coin} تومان")
    told = tuple(Block("p", text) for text in (*texts, RATES, *rows))
    return replace(story, post=replace(story.post, lead=""), blocks=told)


def brief(number: int, story: Story) -> Story:
    """Posts of one line, some of the same."""
    if number % 3:
        return story
    line = "تصویرهای این رویداد را ببینید." if number % 2 else f"گزارش {story.post.id} را ببینید"
    return replace(story, post=replace(story.post, lead=""), blocks=(Block("p", line),))


@pytest.mark.parametrize("told", [*sisters(True), False])
@pytest.mark.parametrize("written", [weather, column, columns, rates, brief])
def test_what_a_newsroom_repeats_is_its_text(
    written: Callable[[int, Story], Story], told: bool
) -> None:
    site = Site(Theme(2), told, [written(n, story) for n, story in enumerate(STORIES)])
    assert site.missing() == []
    assert site.said() == []


def test_what_all_say_on_one_day_may_be_the_days_news() -> None:
    said = Block("p", "گفتنی است زمین‌لرزهٔ بامداد امروز دست‌کم ۱۲ روستای پیرامون را لرزاند.")
    written = [
        replace(story, blocks=(*story.blocks, said)) if number % 5 < 2 else story
        for number, story in enumerate(STORIES)
    ]
    site = Site(Theme(2), told=True, written=written, day=datetime(2025, 11, 20, tzinfo=UTC))
    assert site.missing() == []


def hashed(page: bytes, story: Story) -> bytes:
    """Every class in company of some that no other page has."""
    mark = Random(story.post.id).randrange(16**8)
    return re.sub(
        rb'class="(\w+)',
        lambda found: b'class="%s post-%d css-%08x' % (found[1], story.post.id, mark),
        page,
    )


def stray(page: bytes, story: Story) -> bytes:
    """A `</div>` too many in some posts, behind their second paragraph."""
    if story.post.id % 9 or len(story.blocks) < 3:
        return page
    end = page.index(b"</p>", page.index(story.blocks[1].text.encode())) + len(b"</p>")
    return page[:end] + b"</div>" + page[end:]


@pytest.mark.parametrize("told", [True, False], ids=["told", "untold"])
@pytest.mark.parametrize("bent", [hashed, stray])
def test_pages_that_differ_are_read_alike(
    bent: Callable[[bytes, Story], bytes], told: bool
) -> None:
    site = Site(Theme(2), told, bent=bent)
    assert site.missing() == []
    assert site.said() == []
    assert not re.search("css-|post-", json.dumps(site.layout and site.layout.as_json()))


def test_a_headline_is_what_stands_where_the_other_pages_have_theirs() -> None:
    """A site that tells its name nowhere has it in the head of each page."""

    def nameless(page: bytes, _: Story) -> bytes:
        return re.sub(rb"<meta property=.og:(title|site_name)[^>]*>|<script.*?</script>", b"", page)

    theme = Theme(4)
    theme.headline = "div"
    site = Site(theme, told=False, bent=nameless)
    titles = [site.article(n).title for n, _ in enumerate(STORIES)]
    assert titles == [story.post.title for story in STORIES]
    alone = clean(site.pages[3], None, Hints(post_id=5))
    assert alone.title == f"{STORIES[3].post.title} | {theme.house.name}"


DATED = {
    "an address": ("https://dafter.example/{:%Y/%m/%d}/baran/", ""),
    "a Jalali address": ("https://dafter.example/{jalali}/baran/", ""),
    "a stamp below the text": (
        "https://dafter.example/{id}/",
        '<div><time datetime="{:%Y-%m-%dT%H:%M}">آنگاه</time></div>',
    ),
    "nothing": ("https://dafter.example/{id}/", ""),
}


@pytest.mark.parametrize("dated", DATED)
def test_the_days_of_pages_are_told_by_address_or_stamp(dated: str) -> None:
    """The pages are of different days, though no head and no line about the headline says so."""
    site = Site(Theme(2), told=False)
    samples = []
    for story, page in zip(site.stories[:TAUGHT], site.pages, strict=False):
        when = story.post.published
        words = {"id": story.post.id, "jalali": "{}/{:02}/{:02}".format(*jalali(when.date()))}
        url, stamp = (form.format(when, **words) for form in DATED[dated])
        undated = re.sub(rb"<(meta|script)[^>]*(published_time|ld.json)[^>]*>", b"<script>", page)
        undated = undated.replace(spelled(when).encode(), b"")
        samples.append(Sample(url, undated.replace(b"</body>", f"{stamp}</body>".encode())))
    layout = learn(samples)
    assert layout is not None
    said = {key_of(text) for text in site.theme.house.last}
    assert said.isdisjoint(layout.sayings.often) == (dated == "nothing")


def test_what_a_house_says_below_one_line_is_not_missed_in_the_text() -> None:
    """The content that REST told holds the house's sentences, too."""
    theme = Theme(2)
    written = [brief(number, story) for number, story in enumerate(STORIES)]
    site = Site(theme, told=True, written=written)
    found = []
    for number, story in enumerate(written):
        told = ListedContent(theme.content(story), is_current=True)
        hints = Hints(post_id=story.post.id)
        found.append(clean(site.pages[number], None, hints, told=told, layout=site.layout))
    assert [one.text for one in found if {"incomplete", "doubtful_content"} & {*one.flags}] == []
    more = ListedContent(theme.content(STORIES[3]), is_current=True)
    lacking = clean(site.pages[3], None, Hints(post_id=5), told=more, layout=site.layout)
    assert "incomplete" in lacking.flags


def test_the_order_of_the_samples_does_not_matter_and_json_holds_all() -> None:
    site = Site(Theme(9), told=True)
    assert site.layout is not None
    again = learn(reversed(site.samples))
    assert again == site.layout
    assert Layout.of_json(json.loads(json.dumps(site.layout.as_json()))) == site.layout
    other = Site(Theme(13), told=True).layout
    assert other is not None
    assert site.layout.digest == again.digest != other.digest


def test_nothing_is_learnt_of_few_pages_or_of_pages_without_anything_in_common() -> None:
    site = Site(Theme(2), told=True)
    assert learn(site.samples[:11]) is None
    others = [Theme(seed).page(s, site._others(0)) for seed, s in enumerate(STORIES[:40], 50)]
    assert learn(Sample(str(n), page) for n, page in enumerate(others)) is None


def test_a_sites_own_selectors_win() -> None:
    site = Site(Theme(2), told=True)
    name = site.theme.name("author").split('"')[1].split()[0]
    found = site.article(3, Hints(post_id=5, content=f".{name} p"))
    assert found.text in site.theme.house.furniture()


def test_a_page_without_the_place_is_read_by_the_general_rules() -> None:
    site = Site(Theme(2), told=True)
    page = Theme(40).page(STORIES[5], site._others(5))
    hints = Hints(post_id=5)
    learnt = clean(page, None, hints, layout=site.layout)
    assert learnt == clean(page, None, hints)

"""The newsroom's posts with what newsrooms repeat: subheads, a column's lines, the weather's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from html import escape
from random import Random

from tests.newsroom.post import Block, Post
from tests.newsroom.stories import persian_digits, write_posts
from tests.newsroom.words import PLACES

BACKGROUND, NEXT = "زمینه ماجرا", "گام پس از این"
COLUMN = (
    "ستون «پنجرهٔ روبه‌رو» هر هفته از نگاه یک همسایه به شهر می‌نگرد.",
    "دیدار ما هفتهٔ آینده، کنار همین پنجره.",
)
WEATHER = ("پیش‌بینی فردا", "بالاترین دمای فردا ۲۱ درجه و پایین‌ترین آن ۷ درجه خواهد بود.")
RATES = "نرخ امروز"


@dataclass(frozen=True)
class Story:
    """A post and its blocks as they stand in the text, lead first if it stands there."""

    post: Post
    blocks: tuple[Block, ...]

    @property
    def lead_outside(self) -> bool:
        return bool(self.post.lead) and self.post.lead_outside

    @property
    def paragraphs(self) -> list[str]:
        """What the text must be."""
        lead = [self.post.lead] if self.lead_outside else []
        return [*lead, *(block.text for block in self.blocks)]

    def markup(self) -> list[str]:
        """The blocks as an editor writes them."""
        tags = {"p": "p", "h2": "h2", "blockquote": "blockquote", "li": "p", "strong": "p"}
        found = []
        for kind, text in ((block.kind, escape(block.text, quote=False)) for block in self.blocks):
            tag = tags[kind]
            bold = f"<strong>{text}</strong>" if text in (NEXT, RATES) else text
            found.append(f"<{tag}>{bold}</{tag}>")
        return found


def stories(count: int, seed: int = 1) -> list[Story]:
    """`count` posts of as many days: every third has the newsroom's two subheads, every fifth is
    of a column, every sixth tells the weather, some the day's rates."""
    posts = write_posts(count, seed)
    return [_story(post, number) for number, post in enumerate(posts)]


def told(post: Post) -> Story:
    """A post as it is."""
    lead = () if post.lead_outside or not post.lead else (Block("p", post.lead),)
    return Story(post, (*lead, *post.body))


def _story(post: Post, number: int) -> Story:
    chance = Random(f"{number} {post.id}")
    day = timedelta(days=number % 40)
    blocks = list(told(post).blocks)
    title = post.title
    if number % 3 == 0:
        blocks.insert(len(blocks) // 2, Block("h2", BACKGROUND))
        blocks.insert(len(blocks) - 1, Block("p", NEXT))
    if number % 5 == 1:
        title = f"پنجرهٔ روبه‌رو: {title}"
        blocks = [Block("p", COLUMN[0]), *blocks, Block("p", COLUMN[1])]
    elif number % 6 == 2:
        place = chance.choice(PLACES)
        title = f"هوای {place}: {title}"
        degrees = persian_digits(chance.randint(18, 39))
        blocks += [Block("h2", WEATHER[0]), Block("p", WEATHER[1].replace("۲۱", degrees))]
    elif number % 7 == 3:
        rate = persian_digits(chance.randint(500, 900))
        blocks += [Block("p", RATES), Block("p", f"دلار {rate} تومان")]
    return Story(replace(post, title=title, published=post.published - day), tuple(blocks))

"""A post of the newsroom: the truth a crawl is measured against."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Literal
from urllib.parse import quote

Status = Literal["publish", "draft", "pending", "private", "future", "trash"]
Kind = Literal["p", "h2", "blockquote", "li"]
Layout = Literal["classic", "blocks", "breaks", "entities"]

TEHRAN = timezone(timedelta(hours=3, minutes=30))
"""Iran's one offset since September 2022; no generated post is older."""


@dataclass(frozen=True)
class Block:
    """One block of an article's body: a paragraph, subhead, quotation or list item."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Post:
    """What the site published, as its writers meant it.

    ``layout`` is how the editor wrote the body: bare paragraphs, the block editor's mark-up, one
    ``<div>`` with line breaks, or half-spaces as ``&zwnj;``. With ``lead_outside`` the lead
    stands before the content element, else it is the first paragraph within. Datetimes are UTC.
    """

    id: int
    title: str
    slug: str
    lead: str
    body: tuple[Block, ...]
    author: str
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    published: datetime
    modified: datetime
    type: str = "post"
    status: Status = "publish"
    password: str = ""
    sticky: bool = False
    source: str | None = None
    end_marker: str | None = None
    layout: Layout = "classic"
    lead_outside: bool = False
    comments: tuple[tuple[str, str], ...] = field(default=())

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The article's text blocks in page order, the lead first: what ``text`` must hold."""
        return ((self.lead,) if self.lead else ()) + tuple(block.text for block in self.body)

    @property
    def listed(self) -> bool:
        """Whether the site names it in its listings (a protected post is named, too)."""
        return self.status == "publish"

    @property
    def path(self) -> str:
        """The permalink's path, percent-encoded in lower case as WordPress spells it."""
        if self.type == "page":
            return f"/{self.slug}/"
        if self.type != "post":
            return f"/{self.type}/{self.slug}/"
        local = self.published.astimezone(TEHRAN)
        return f"/{local:%Y}/{local:%m}/{self.slug}/"


def slug_of(title: str, taken: set[str]) -> str:
    """A slug as core makes it: half-spaces dropped, at most 200 bytes, ``-2`` on a collision.

    >>> slug_of("نیم‌سال دوم", set())
    '%d9%86%db%8c%d9%85%d8%b3%d8%a7%d9%84-%d8%af%d9%88%d9%85'
    """
    kept = "".join(c for c in title.replace(" ", "-") if c != "\N{ZERO WIDTH NON-JOINER}")
    slug = ""
    for letter in kept:
        spelled = quote(letter).lower()
        if len(slug) + len(spelled) > 196:  # leaves room for a number
            break
        slug += spelled
    slug = slug.strip("-")
    number, unique = 2, slug
    while unique in taken:
        unique, number = f"{slug}-{number}", number + 1
    taken.add(unique)
    return unique

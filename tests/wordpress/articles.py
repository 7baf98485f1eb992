"""Persian news that never happened, put together from content/news.toml by a seeded random.

The same number always gives the same article, and no two articles are alike:

    >>> article(12).title == article(12).title != article(13).title
    True
"""

import random
import tomllib
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parent / "content"
PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
LATIN_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")
ARABIC_LETTERS = str.maketrans("یک", "يك")
ZWNJ = "\u200c"


@dataclass(frozen=True)
class Block:
    """One piece of a body: kind is p, h, quote, item, row, caption, more or page.

    A row's cells stand in `text` with a tab between; `more` and `page` are
    WordPress's <!--more--> and <!--nextpage--> and have no text.
    """

    kind: str
    text: str = ""


@dataclass(frozen=True)
class Article:
    """What a reporter hands in: words and their order, no mark-up yet."""

    title: str
    lead: str
    blocks: tuple[Block, ...]
    topic: str
    tags: tuple[str, ...] = ()
    end_marker: str | None = None
    source: str | None = None

    def paragraphs(self) -> list[str]:
        """Lead, paragraphs, subheads, quotes and list items, as a reader meets them."""
        prose = (block.text for block in self.blocks if block.kind in {"p", "h", "quote", "item"})
        return [self.lead, *prose]

    def extras(self) -> list[str]:
        """Table cells and captions: part of the page, not necessarily of the text."""
        texts = (block.text for block in self.blocks if block.kind in {"row", "caption"})
        return [cell for text in texts for cell in text.split("\t")]

    def on_first_page(self) -> int:
        """How many of the paragraphs stand before the first page break."""
        kinds = [block.kind for block in self.blocks]
        cut = kinds.index("page") if "page" in kinds else len(kinds)
        return len(replace(self, blocks=self.blocks[:cut]).paragraphs())

    def spelled(self, spelling: str) -> "Article":
        """The same article as another keyboard writes it."""
        return replace(
            self,
            title=spell(self.title, spelling),
            lead=spell(self.lead, spelling),
            blocks=tuple(Block(block.kind, spell(block.text, spelling)) for block in self.blocks),
        )


def spell(text: str, spelling: str) -> str:
    """Arabic ي and ك, a blank where the half-space should be, Latin digits; else unchanged."""
    match spelling:
        case "arabic":
            return text.translate(ARABIC_LETTERS)
        case "blank":
            return text.replace(ZWNJ, " ")
        case "latin":
            return text.translate(LATIN_DIGITS)
    return text


@cache
def news() -> dict[str, Any]:
    return tomllib.loads((CONTENT / "news.toml").read_text("utf-8"))


@dataclass
class _Writer:
    """Fills the slots of one article, the same city and agency all through."""

    number: int
    chance: random.Random = field(init=False)
    topic: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"baygan {self.number}")
        topics = news()["topic"]
        self.topic = topics[self.number % len(topics)]
        self.city = self.chance.choice(news()["city"])
        self.agency = self.chance.choice(news()["agency"])

    def fill(self, template: str, **more: str) -> str:
        small, large = self.chance.randint(3, 29), self.chance.randint(105, 980)
        return template.format(
            city=self.city,
            agency=self.agency,
            desk=self.topic["desk"],
            day=self.chance.choice(news()["day"]),
            n=str(small).translate(PERSIAN_DIGITS),
            m=str(large).translate(PERSIAN_DIGITS),
            **more,
        )

    def pick(self, name: str) -> str:
        return self.fill(self.chance.choice(self.topic[name]))

    def prose(self, count: int, per_paragraph: int) -> list[str]:
        """`count` paragraphs in which no sentence comes twice."""
        sentences = self.chance.sample(self.topic["sentences"], count * per_paragraph)
        texts = [self.fill(sentence) for sentence in sentences]
        return [
            " ".join(texts[start : start + per_paragraph])
            for start in range(0, len(texts), per_paragraph)
        ]


def article(number: int, parts: frozenset[str] = frozenset()) -> Article:
    """The article of a number.

    `parts` asks for more than plain paragraphs: short, typed, quote, list,
    table, gallery, more, page, end, source.
    """
    writer = _Writer(number)
    title, lead = writer.pick("headlines"), writer.pick("leads")
    tags = tuple(writer.chance.sample(writer.topic["tags"], 1 + number % 3))
    if "short" in parts:
        # Without a second sentence two short ones of some hundred are the same.
        lead = f"{lead} {writer.prose(1, 1)[0]}"
        return Article(title, lead, (), writer.topic["slug"], tags)
    opening = writer.fill(writer.chance.choice(news()["openings"]), fact=writer.pick("facts"))
    first, *rest = writer.prose(2 + number % 4, 2)
    blocks = [Block("p", opening), Block("p", first)]
    blocks += _furnish(writer, parts)
    blocks += [Block("p", text) for text in rest]
    return Article(
        title,
        lead,
        tuple(blocks),
        writer.topic["slug"],
        tags,
        end_marker="انتهای پیام/" if "end" in parts else None,
        source=f"خبرگزاری {writer.agency}" if "source" in parts else None,
    )


def _furnish(writer: _Writer, parts: frozenset[str]) -> list[Block]:
    blocks: list[Block] = []
    if "more" in parts:
        blocks.append(Block("more"))
    if "typed" in parts:
        blocks.append(Block("p", writer.chance.choice(news()["typed"])))
    if "quote" in parts:
        blocks.append(Block("quote", writer.pick("quotes")))
    if "gallery" in parts:
        blocks += [
            Block("caption", f"نمایی از {writer.city}، قاب {word}") for word in ("یکم", "دوم")
        ]
    if "list" in parts:
        blocks.append(Block("h", writer.topic["subheads"][0]))
        items = writer.chance.sample(writer.topic["items"], 3)
        blocks += [Block("item", text) for text in items]
    if "table" in parts:
        blocks.append(Block("row", "شهر\tاندازه"))
        cities = writer.chance.sample(news()["city"], 3)
        blocks += [Block("row", writer.fill(f"{city}\t{{m}}")) for city in cities]
    if "page" in parts:
        blocks.append(Block("page"))
        blocks.append(Block("h", writer.topic["subheads"][1]))
    return blocks


@cache
def seed_article() -> Article:
    """The post with the build of the page everything began with."""
    text = tomllib.loads((CONTENT / "seed.toml").read_text("utf-8"))
    lead, *paragraphs = text["paragraphs"]
    blocks = tuple(Block("p", paragraph) for paragraph in paragraphs)
    return Article(
        text["title"],
        lead,
        blocks,
        "havashenasi",
        ("سد", "محیط‌زیست"),
        end_marker=text["end_marker"],
        source=text["source"],
    )

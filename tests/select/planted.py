"""An archive of four sites with copies planted in it: altered, respelt, under other headlines."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from archive.folder import Archive
from archive.index.index import Index
from archive.jsonl.article_line import make_line
from archive.model import Article, Capture
from tests.archive.material import article
from tests.newsroom.post import Post
from tests.newsroom.stories import write_posts
from tests.newsroom.words import AGENCIES

SITES = ("bamdad", "payam", "rasad", "sepidar")
_BEGIN = datetime(2025, 3, 21, 8, tzinfo=UTC)
_RUN = (3, 9)
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩")
_LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")
_ARABIC = str.maketrans("یک", "يك")
_HALF_SPACE = "\u200c"


@dataclass(frozen=True)
class PlantedCopy:
    """The IDs of a copy and of its original, and the share of its words that is not the same."""

    id: str
    original: str
    altered: float


class Newsstand:
    """Writes articles to the sites of a new archive, as runs would."""

    def __init__(self, folder: Path, sites: Iterable[str] = SITES) -> None:
        folder.mkdir(exist_ok=True)
        names = [f'[sites.{name}]\nurl = "http://{name}.example/"\n' for name in sites]
        (folder / "sites.toml").write_text("".join(names))
        self.archive = Archive(folder)
        self._numbers = 0

    def write(self, articles: Iterable[tuple[str, Article]], fetched: datetime) -> list[str]:
        """Append these articles, each to its site; return their IDs. Those without an ID of a post
        are numbered; another text for an ID is its next version."""
        ids = []
        folders = {folder.site.name: folder for folder in self.archive.sites()}
        with ExitStack() as opened:
            indexes = {}
            for name, folder in folders.items():
                opened.callback(folder.lines.close)
                indexes[name] = opened.enter_context(closing(Index(folder.index_path, write=True)))
                opened.enter_context(indexes[name].transaction())
            for site, text in articles:
                text = self._numbered(text)
                before = indexes[site].newest_of(f"{site}/post/{text.post_id}")
                version = before.version + 1 if before else 1
                url = f"http://{site}.example/?p={text.post_id}"
                line = make_line(site, url, version, text, _capture(fetched), {"baygan": "0"})
                indexes[site].record(line, folders[site].lines.append(line, fetched))
                ids.append(line["id"])
        return ids

    def _numbered(self, text: Article) -> Article:
        if text.post_id is not None:
            return text
        self._numbers += 1
        return replace(text, post_id=self._numbers)


def planted(
    folder: Path, texts: int = 2000, copies: int = 200, seed: int = 1
) -> tuple[Archive, list[PlantedCopy]]:
    """An archive of so many stories of the newsroom and `copies` of some of them on other sites, up
    to five of one; each has 0 to 20 % of its words altered."""
    chance = Random(seed)
    stories = write_posts(texts, seed)
    originals = chance.sample(range(texts), max(1, copies * 2 // 5))
    chosen = [chance.choice(originals) for _ in range(copies)]
    shares = [0.2 * number / max(1, copies - 1) for number in range(copies)]
    stand = Newsstand(folder)
    homes = [chance.choice(SITES) for _ in stories]
    dated = [_BEGIN + timedelta(minutes=13 * number) for number in range(texts)]
    ids = stand.write(
        (
            (home, _article(story.title, text_of(story), story.source, published))
            for home, story, published in zip(homes, stories, dated, strict=True)
        ),
        dated[-1],
    )
    others = write_posts(copies, seed + 1)
    told = []
    for other, number, share in zip(others, chosen, shares, strict=True):
        text = copied(text_of(stories[number]), share, text_of(other), chance)
        later = dated[number] + timedelta(minutes=chance.randint(5, 3000))
        home = chance.choice([site for site in SITES if site != homes[number]])
        told.append((home, _article(other.title, text, chance.choice((None, *AGENCIES)), later)))
    found = stand.write(told, dated[-1])
    planted_copies = [
        PlantedCopy(one, ids[number], share)
        for one, number, share in zip(found, chosen, shares, strict=True)
    ]
    return stand.archive, planted_copies


def text_of(story: Post) -> str:
    """The text as a line has it."""
    return "\n\n".join(one for one in (story.lead, *(block.text for block in story.body)) if one)


def copied(text: str, share: float, other: str, chance: Random) -> str:
    """`text` as another newsroom prints it: `share` of its words left out or exchanged, in runs,
    for those of `other`; its own opening and end marker; spelt in another way."""
    paragraphs = text.split("\n\n")
    for number, paragraph in enumerate(paragraphs):
        if paragraph.startswith("به گزارش"):
            rest = paragraph.partition("، ")[2]
            opening = chance.choice(("", f"به گزارش {chance.choice(AGENCIES)}، "))
            paragraphs[number] = opening + rest
    text = altered("\n\n".join(paragraphs), share, other, chance)
    return respelt(text, chance) + chance.choice(("", "\n\nانتهای پیام/"))


def altered(text: str, share: float, other: str, chance: Random) -> str:
    """`text` with `share` of its words left out, or exchanged for words of `other`."""
    words, strange = text.split(" "), other.split(" ")
    left = round(share * len(words))
    while left > 0:
        length = min(left, chance.randint(*_RUN))
        at = chance.randrange(max(1, len(words) - length))
        begin = chance.randrange(max(1, len(strange) - length))
        words[at : at + length] = chance.choice(([], strange[begin : begin + length]))
        left -= length
    return " ".join(words)


def respelt(text: str, chance: Random) -> str:
    """The same words in other letters, digits and half-spaces."""
    if chance.random() < 0.5:
        text = text.translate(_ARABIC)
    text = text.translate(chance.choice((_DIGITS, _LATIN, {})))
    pieces = text.split(_HALF_SPACE)
    habit = chance.choice((("",), (" ",), (_HALF_SPACE,), ("", " ", _HALF_SPACE)))
    return pieces[0] + "".join(chance.choice(habit) + piece for piece in pieces[1:])


def _article(title: str, text: str, source: str | None, published: datetime) -> Article:
    return replace(article(0, text), title=title, source=source, published=published, post_id=None)


def _capture(fetched: datetime) -> Capture:
    return Capture(
        file="warc/2026/khabar-20261122T003004123Z-4f1c09ab-00000.warc.gz",
        offset=416,
        length=800,
        record_id="urn:uuid:00000000-0000-4000-8000-000000000000",
        payload_sha256="0" * 64,
        date=fetched,
    )

"""Night after night: is the archive what the site's database is, and what does a night ask for?

python -m benchmarks.nights [--nights N] [--posts N] [--seed N]

A real WordPress on 127.0.0.1 is edited at random between nights a day apart: posts are written,
scheduled, dated back, edited, renamed, unpublished, erased and put back. After every night the
newest version of every article is held against the site's own posts, and the ledger against what
went. What differs is drift, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import mean, median
from typing import Any

from tests.wordpress import Plan, Post, WordPress
from tests.wordpress.articles import article
from tests.wordpress.days import edited, new, written
from tests.wordpress.score import expected, score
from tests.wordpress.visit import Reader, Visit

HEADLINE = f"{'night':>5} {'live':>5} {'new':>4} {'edits':>5} {'names':>5} {'gone':>4} {'back':>4}"
HEADLINE += f" {'pages':>6} {'others':>6}  drift"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nights")
    parser.add_argument("--nights", type=int, default=60, metavar="N")
    parser.add_argument("--posts", type=int, default=150, metavar="N", help="on the first night")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of all that is random")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nights") as folder:
        here = Path(folder)
        with WordPress.start(here / "wordpress", Plan(posts=options.posts)) as site:
            (here / "archive").mkdir()
            reader = Reader.of(site, here / "archive")
            return live_through(Newsroom(site, Random(options.seed)), reader, options.nights)


def live_through(newsroom: Newsroom, reader: Reader, nights: int) -> int:
    """The first crawl and so many nights; 1 if the archive drifted from the site in any."""
    print(HEADLINE)
    drifted = 0
    asked: list[int] = []
    for number in range(nights + 1):
        if number:
            newsroom.site.clock.forward(days=1)
            newsroom.work()
        visit = reader.visit()
        drift = list(drift_of(newsroom, reader, visit))
        drifted += bool(drift)
        if number:
            asked.append(len(visit.others))
        print(f"{number:5} {newsroom.day} {len(visit.pages):6} {len(visit.others):6}  {len(drift)}")
        for words in drift[:5]:
            print(f"      {words}")
        newsroom.rest()
    print(f"\n{drifted} of {nights + 1} nights drifted; requests besides pages a night:", end=" ")
    print(f"median {median(asked):.0f}, mean {mean(asked):.1f}, at most {max(asked)}")
    return 1 if drifted else 0


@dataclass
class Day:
    """What the newsroom did since the night before: how many of each, and the live posts."""

    live: int
    new: int = 0
    edited: int = 0
    renamed: int = 0
    gone: int = 0
    back: int = 0

    def __str__(self) -> str:
        counts = (self.new, self.edited, self.renamed, self.gone, self.back)
        return " ".join(
            f"{count:{width}}" for count, width in zip((self.live, *counts), WIDTHS, strict=True)
        )


WIDTHS = (5, 4, 5, 5, 4, 4)


@dataclass
class Newsroom:
    """Random days at `site`. `gone` holds the posts taken off and the ledger's word for how."""

    site: WordPress
    chance: Random
    day: Day = field(init=False)
    gone: dict[int, str] = field(default_factory=dict)
    scheduled: list[tuple[int, int]] = field(default_factory=list)
    number: int = 10_000

    def __post_init__(self) -> None:
        self.rest()

    def rest(self) -> None:
        self.day = Day(len(self.site.truth))

    def work(self) -> None:
        """A day's work, three or four of everything on a day like most."""
        untouched = [post for post in self.site.truth if not post.protected]
        self.chance.shuffle(untouched)
        commands = [*self._live(), *self._write()]
        commands += [self._edit(untouched.pop()) for _ in range(self.chance.randint(0, 5))]
        commands += [self._rename(untouched.pop()) for _ in range(self.chance.randint(0, 2))]
        commands += [self._take_off(untouched.pop()) for _ in range(self.chance.randint(0, 3))]
        commands += self._put_back()
        answers = self.site.apply(commands)
        for command, answer in zip(commands, answers, strict=True):
            if command.get("status") == "future":
                self.scheduled.append((answer["id"], command["story"]))
        self.day.live = len(self.site.truth)

    def _next(self) -> int:
        self.number += 1
        return self.number

    def _write(self) -> list[dict[str, Any]]:
        """New posts: most of today, some dated back by months, some for tomorrow."""
        commands = []
        for _ in range(self.chance.randint(0, 6)):
            kind = self.chance.choices(("today", "back", "tomorrow"), (6, 2, 2))[0]
            hours = {
                "today": self.chance.uniform(0.5, 23),
                "back": self.chance.uniform(24, 24 * 300),
                "tomorrow": -self.chance.uniform(1, 23),
            }[kind]
            date = self.site.clock.local(hours=hours)
            number = self._next()
            more: dict[str, Any] = {"story": number}
            if kind == "tomorrow":
                more |= {"status": "future", "modified": self.site.clock.local(days=4)}
            else:
                self.day.new += 1
            commands.append(new(number, date, **more))
        return commands

    def _live(self) -> Iterator[dict[str, Any]]:
        """Yesterday's schedule goes live, its `modified` as old as it was."""
        for post_id, number in self.scheduled:
            self.day.new += 1
            yield {"do": "publish", "id": post_id, "paragraphs": written(number)["paragraphs"]}
        self.scheduled = []

    def _edit(self, post: Post) -> dict[str, Any]:
        self.day.edited += 1
        number = self._next()
        title = {"title": article(number).title} if self.chance.random() < 0.3 else {}
        return edited(post.id, number, **title)

    def _rename(self, post: Post) -> dict[str, Any]:
        self.day.renamed += 1
        return {"do": "edit", "id": post.id, "slug": f"name-{self._next()}"}

    def _take_off(self, post: Post) -> dict[str, Any]:
        self.day.gone += 1
        how = self.chance.choice(("erase", "trash", "private"))
        self.gone[post.id] = "erased" if how == "erase" else "unpublished"
        if how == "private":
            return {"do": "edit", "id": post.id, "status": "private"}
        return {"do": how, "id": post.id}

    def _put_back(self) -> list[dict[str, Any]]:
        """Now and then a post that was taken off without being erased comes back."""
        off = [number for number, kind in self.gone.items() if kind == "unpublished"]
        if not off or self.chance.random() < 0.7:
            return []
        back = self.chance.choice(off)
        del self.gone[back]
        self.day.back += 1
        return [edited(back, self._next(), status="publish")]


def drift_of(newsroom: Newsroom, reader: Reader, visit: Visit) -> Iterator[str]:
    """In what the archive differs from the site, a sentence each."""
    if (visit.outcome.code, visit.outcome.err) != (0, ""):
        yield f"baygan ended with {visit.outcome.code}: {visit.outcome.err.strip()}"
    night = reader.nights()[-1]
    if night["verdict"] != "complete":
        yield f"the verdict is {night['verdict']}"
    truth = {post.id: post for post in newsroom.site.truth}
    newest = reader.newest()
    missing = {line["post_id"] for line in ledger(reader).values() if not line["returned"]}
    live = newest.keys() - missing
    yield from (f"{number} is on the site, not in the archive" for number in truth.keys() - live)
    yield from (f"{number} is gone, and taken for live" for number in live - truth.keys())
    for number in truth.keys() & newest.keys():
        yield from unlike(truth[number], newest[number])
    for number, kind in newsroom.gone.items():
        entry = ledger(reader).get(number)
        if number in newest and (entry is None or entry["kind"] != kind):
            yield f"{number} is {kind}; the ledger says {entry and entry['kind']}"


def ledger(reader: Reader) -> dict[int, dict[str, Any]]:
    """What holds of every post that was ever missed, by its ID: its newest line."""
    return {line["post_id"]: line for line in reader.removals()}


def unlike(post: Post, line: dict[str, Any]) -> Iterator[str]:
    """In what the newest version of an article differs from the post."""
    if not post.protected and line["title"] != post.title:
        yield f"{post.id} has another title"
    if expected(post) and (fault := score(post, line)).f1 < 0.99:
        yield f"{post.id} has another text ({fault.f1:.3f})"


if __name__ == "__main__":
    sys.exit(main())

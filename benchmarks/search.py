"""How large search.db is, how long a search takes, and what a run adds to it.

python -m benchmarks.search [--articles N] [--folder DIR]

With --folder the articles and search.db stay in DIR, and the next call goes on with them.
The articles are made of the paragraphs in tests/pages, again and again in another order, with words
in between that are rare in a large archive: names, numbers, misspellings. The bars: a page of 20
ranked hits in 50 ms, also of a word that is in every text; search.db at most half as large as the
texts; 100 new articles in one second. Times are those of the processor, so that what else the
machine does counts little.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path

from archive.jsonl.article_line import make_line
from archive.jsonl.articles import ArticleLines
from archive.model import Capture
from archive.select.hits import MOST_RANKED, Hits
from archive.select.query import Query, read_query
from archive.select.search_index import SearchIndex
from archive.times.day_range import EVER, DayRange
from tests.archive.material import address, article
from tests.process import REPOSITORY

_BEGIN = datetime(2016, 3, 20, 8, tzinfo=UTC)
_PAGE = 20
_NIGHT = 100
_LETTERS = "ابپتجچحخدرزسشصطعغفقکگلمنوهی"
_CAPTURE = Capture(
    file="warc/2026/khabar-20261122T003004123Z-4f1c09ab-00000.warc.gz",
    offset=416,
    length=800,
    record_id="urn:uuid:00000000-0000-4000-8000-000000000000",
    payload_sha256="0" * 64,
    date=datetime(2026, 11, 22, 0, 30, 4, tzinfo=UTC),
)
_ASKED = (
    "و", "می‌شود", "ایران", "کتاب‌ها", "می گویند OR نوشته‌اند", "شهر*", "«در این»",
    "این NOT است", "آب سد رود", "ناموجود",
    "ا*", "ایران شهر*", "شهر* OR دانش*", "این NOT شهر*", "«در شهر*»",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search")
    parser.add_argument("--articles", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--folder", type=Path, metavar="DIR")
    arguments = parser.parse_args()
    if kept := arguments.folder:
        kept.mkdir(parents=True, exist_ok=True)
    with nullcontext(kept) if kept else tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), arguments.articles)


def measure(folder: Path, articles: int) -> None:
    """Print a line for each figure."""
    lines, told = ArticleLines(folder / "articles"), folder / "size"
    if not told.exists():
        told.write_text(str(write(lines, 1, articles)))
    size = int(told.read_text())
    with closing(SearchIndex(folder / "search.db", write=True)) as index:
        seconds = timed(lambda: index.catch_up(lines, ends(lines)))
        [row] = index.database.rows("SELECT count(*) AS n FROM docs")
        print(f"{row['n']:,} articles, {size / 1e6:,.0f} MB of text", flush=True)
        print(f"made, or brought up to date, in {seconds:,.0f} s", flush=True)
        _print_share(folder, size)
        for query in _ASKED:
            _print_page(index, query)
        for night in range(3):
            size += write(lines, row["n"] + night * _NIGHT + 1, _NIGHT)
            told.write_text(str(size))
            seconds = timed(lambda: index.catch_up(lines, ends(lines)))
            print(f"{_NIGHT} new articles: {seconds:.2f} s", flush=True)
    began = time.process_time()
    with closing(SearchIndex(folder / "search.db", write=True)) as index:
        assert index.fits(lines, ends(lines))
        print(f"opened and compared with the lines: {time.process_time() - began:.2f} s")
    _print_share(folder, size)


def _print_share(folder: Path, size: int) -> None:
    used = (folder / "search.db").stat().st_size
    print(f"search.db {used / 1e6:,.0f} MB, {used / size:.0%} of the text", flush=True)


def _print_page(index: SearchIndex, query: str) -> None:
    times = []
    asked = read_query(query)
    for days in (EVER, DayRange.of("1404-05", "1404-05")):
        times.append(timed(partial(_page, ranked, index, asked, days)))
        times.append(timed(partial(_page, dated, index, asked, days)))
    found = sum(1 for _ in Hits(index, asked, EVER).places())
    told = "  ".join(f"{seconds * 1000:6.1f}" for seconds in times)
    print(f"ms by rank, by date; of one month: {told}   {found:9,} hits  {query}", flush=True)


def _page(
    order: Callable[[Hits], Iterator[object]], index: SearchIndex, asked: Query, days: DayRange
) -> list[object]:
    return list(islice(order(Hits(index, asked, days)), _PAGE))


def ranked(hits: Hits) -> Iterator[object]:
    """The ranked hits as a search asks for them, with their count."""
    yield from hits.ranked(weighed=hits.count() <= MOST_RANKED)


def dated(hits: Hits) -> Iterator[object]:
    """The same by date."""
    hits.count()
    yield from hits.dated()


def write(lines: ArticleLines, first: int, count: int) -> int:
    """Append so many articles, ten a month; return the size of their texts in bytes."""
    chance = random.Random(first)
    paragraphs, rare = stored_paragraphs(), rare_words()
    size = 0
    for number in range(first, first + count):
        told = [spiced(one, rare, chance) for one in chance.choices(paragraphs, k=12)]
        title, text = " ".join(told[0].split()[:9]), "\n\n".join(told)
        published = _BEGIN + timedelta(days=10 * 365 * number / (first + count))
        post = replace(article(number, text), title=title, published=published)
        captured = published + timedelta(days=1)
        line = make_line("khabar", address(number), 1, post, _CAPTURE, {"baygan": "0"})
        lines.append(line, captured)
        size += len(title.encode()) + len(text.encode())
    lines.close()
    return size


def stored_paragraphs() -> list[str]:
    """The paragraphs of all test pages."""
    found = set()
    for path in sorted((REPOSITORY / "tests" / "pages").rglob("article.json")):
        right = json.loads(path.read_text()).get("article") or {}
        found |= {one for one in right.get("paragraphs", ()) if len(one) > 80}
    return sorted(found)


def rare_words() -> list[str]:
    """100,000 words that no text has, the more frequent ones first."""
    chance = random.Random(0)
    return ["".join(chance.choices(_LETTERS, k=chance.randint(3, 8))) for _ in range(100_000)]


def spiced(paragraph: str, rare: list[str], chance: random.Random) -> str:
    """The paragraph with a rare word in the place of every fifth one."""
    words = paragraph.split()
    for place in range(chance.randrange(5), len(words), 5):
        words[place] = rare[int(len(rare) * chance.random() ** 4)]
    return " ".join(words)


def ends(lines: ArticleLines) -> dict[str, int]:
    """The sizes of all files of lines."""
    return {path.name: path.stat().st_size for path in lines.folder.iterdir()}


def timed(work: Callable[[], object]) -> float:
    """How many seconds of the processor it takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main()

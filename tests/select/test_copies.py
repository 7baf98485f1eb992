"""Clusters of copies: what is found among planted ones, who is first, and what `distinct` keeps."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from random import Random

import pytest

from archive import Archive, UsageError
from archive.copies.cluster import CopyCluster
from archive.copies.clusters import LEAST, CopyClusters, HeldShingles
from archive.copies.shingles import jaccard, shingles
from archive.errors import Damaged
from archive.model import Article
from archive.select.hits import HitOrder
from archive.select.search import Search
from archive.select.selection import Selection
from tests.archive.material import article
from tests.process import REPOSITORY, environment
from tests.select.planted import Newsstand, PlantedCopy, planted

BEGIN = datetime(2025, 3, 21, 8, tzinfo=UTC)
FETCHED = datetime(2025, 4, 21, tzinfo=UTC)
LETTERS = "ابپتثجچحخدرزسشصطعغفقکگلمنوهی"


def clusters(archive: Archive, least: float = LEAST, **asked: str) -> list[CopyCluster]:
    lines = Selection(**asked).lines(archive)  # type: ignore[arg-type]
    return list(CopyClusters(lines, least))


def told(archive: Archive, least: float = LEAST, **asked: str) -> list[list[str]]:
    """The IDs of each cluster."""
    return [[one.id for one in cluster.articles] for cluster in clusters(archive, least, **asked)]


def words(seed: int, count: int = 100) -> list[str]:
    chance = Random(seed)
    return ["".join(chance.choices(LETTERS, k=4)) for _ in range(count)]


def news(number: int, text: list[str], hours: float = 0, **keys: str | None) -> Article:
    """Post `number` with this text, published so many hours after the others."""
    published = BEGIN + timedelta(hours=hours)
    return replace(article(number, " ".join(text)), published=published, **keys)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> tuple[Archive, list[PlantedCopy]]:
    return planted(tmp_path_factory.mktemp("planted") / "archive")


def test_planted_copies_are_found_and_nothing_else(
    stand: tuple[Archive, list[PlantedCopy]],
) -> None:
    """200 of them among 2,000 other texts, altered by 0 to 20 %, respelt, under other headlines."""
    archive, copies = stand
    truth = {(copy.original, copy.id) for copy in copies}
    pairs = {(c.first.id, copy.id) for c in clusters(archive) for copy in c.copies}
    assert len(truth) == 200
    assert max(copy.altered for copy in copies) == 0.2
    assert len(truth & pairs) >= 0.98 * len(truth)
    assert len(truth & pairs) >= 0.99 * len(pairs)


@pytest.mark.sister
def test_it_agrees_with_the_exact_similarity_of_each_pair(
    stand: tuple[Archive, list[PlantedCopy]],
) -> None:
    """Each with each: the texts that were altered, their originals, and as many others. Two that
    are near each other are not both left without being called a copy."""
    archive, copies = stand
    texts = {one.line["id"]: shingles(one.line["text"]) for one in Selection().lines(archive)}
    chosen = {key for copy in copies for key in (copy.id, copy.original)}
    chosen |= {key for number, key in enumerate(texts) if number % 12 == 0}
    exact = {
        pair: jaccard(texts[pair[0]], texts[pair[1]]) for pair in combinations(sorted(chosen), 2)
    }
    for least in (0.4, LEAST, 0.7):
        pairs = [(c.first.id, copy.id) for c in clusters(archive, least) for copy in c.copies]
        assert all(jaccard(texts[first], texts[copy]) >= least for first, copy in pairs)
        called = {copy for _, copy in pairs}
        near = [{*pair} for pair, similarity in exact.items() if similarity >= least]
        first = [pair for pair in near if pair - called]
        assert len(first) > 100
        assert sum(not pair & called for pair in first) <= 0.02 * len(first)


def test_a_copy_is_near_the_first_one_and_not_only_near_another_copy(tmp_path: Path) -> None:
    stand = Newsstand(tmp_path / "archive")
    one, other = words(1), words(2)
    half, rest = [*other[:20], *one[20:]], [*other[:45], *one[45:]]
    stand.write(
        [
            ("payam", news(2, half, hours=1)),
            ("rasad", news(3, rest, hours=2.5)),
            ("bamdad", news(1, one)),
            ("sepidar", news(4, rest, hours=5)),
        ],
        FETCHED,
    )
    assert jaccard(shingles(" ".join(half)), shingles(" ".join(rest))) > LEAST
    assert told(stand.archive) == [
        ["bamdad/post/1", "payam/post/2"],
        ["rasad/post/3", "sepidar/post/4"],
    ]
    second = clusters(stand.archive)[1]
    assert [(copy.hours, copy.similarity) for copy in second.copies] == [(2.5, 1.0)]
    assert told(stand.archive, least=0.9) == [["rasad/post/3", "sepidar/post/4"]]


def test_what_has_no_date_counts_by_its_capture(tmp_path: Path) -> None:
    stand = Newsstand(tmp_path / "archive")
    nameless = replace(news(1, words(1)), published=None, date_source=None)
    stand.write([("bamdad", nameless)], BEGIN + timedelta(hours=3))
    stand.write([("payam", news(2, words(1), hours=4)), ("rasad", news(3, words(1)))], FETCHED)
    [cluster] = clusters(stand.archive)
    assert [one.id for one in cluster.articles] == ["rasad/post/3", "bamdad/post/1", "payam/post/2"]
    assert [one.hours for one in cluster.articles] == [0, 3, 4]
    assert cluster.copies[0].published is None


def test_the_agency_is_the_one_that_most_credit(tmp_path: Path) -> None:
    stand = Newsstand(tmp_path / "archive")
    sources = (None, "خبرگزاری نمونه", "روزنامهٔ دیگر", "نمونه")
    stand.write(
        [
            (site, news(number, words(1), hours=number, source=source))
            for number, (site, source) in enumerate(
                zip(("bamdad", "payam", "rasad", "payam"), sources, strict=True), 1
            )
        ],
        FETCHED,
    )
    [cluster] = clusters(stand.archive)
    assert (cluster.agency, cluster.sites) == ("خبرگزاری نمونه", 3)
    assert [cluster.credits(one) for one in cluster.articles] == [False, True, False, True]
    [one] = clusters(stand.archive, sites=("bamdad", "rasad"))  # type: ignore[arg-type]
    assert one.agency == "روزنامهٔ دیگر"


def test_versions_of_an_article_are_no_copies_of_each_other(tmp_path: Path) -> None:
    stand = Newsstand(tmp_path / "archive")
    text, edited = words(1), [*words(1, 90), *words(3, 10)]
    stand.write([("bamdad", news(1, text)), ("payam", news(2, edited, hours=2))], FETCHED)
    stand.write([("bamdad", news(1, edited)), ("payam", news(2, words(1, 80), hours=2))], FETCHED)
    stand.write([("rasad", news(3, words(5))), ("rasad", news(3, words(5, 99)))], FETCHED)
    [cluster] = clusters(stand.archive, versions="all")
    assert [(one.id, one.version) for one in cluster.articles] == [
        ("bamdad/post/1", 1),
        ("payam/post/2", 1),
    ]
    assert [(one.id, one.version) for one in cluster.others] == [("payam/post/2", 2)]
    lines = Selection(versions="all", distinct=True).lines(stand.archive)
    assert [(found.line["id"], found.line["version"]) for found in lines] == [
        ("bamdad/post/1", 1),
        ("bamdad/post/1", 2),
        ("rasad/post/3", 1),
        ("rasad/post/3", 2),
    ]


def test_short_texts_are_no_copies(tmp_path: Path) -> None:
    stand = Newsstand(tmp_path / "archive")
    short, longer = words(1, 18), words(2, 30)
    stand.write(
        [
            (site, news(number, text, hours=number))
            for number, (site, text) in enumerate(
                [("bamdad", short), ("payam", short), ("bamdad", longer), ("rasad", longer)], 1
            )
        ],
        FETCHED,
    )
    assert told(stand.archive) == [["bamdad/post/3", "rasad/post/4"]]


def test_distinct_keeps_the_first_of_each(tmp_path: Path) -> None:
    archive, copies = planted(tmp_path / "archive", texts=200, copies=40)
    planted_ones = {copy.id for copy in copies}
    everything = [found.line["id"] for found in Selection().lines(archive)]
    kept = [found.line["id"] for found in Selection(distinct=True).lines(archive)]
    assert kept == [key for key in everything if key not in planted_ones]
    dates = list(Selection(distinct=True).dates(archive))
    assert [site for site, _ in dates] == [key.partition("/")[0] for key in kept]
    chosen = Selection(distinct=True, match="شهر*")
    with Search(archive, chosen, HitOrder.DATE) as search:
        found = {hit.line["id"] for hit in search.lines()}
        assert not search.counted
    assert found == {hit.line["id"] for hit in chosen.lines(archive)}
    assert found < set(everything)
    bamdad = archive.site("bamdad")
    own = [found.line["id"] for found in Selection(distinct=True).of_site(bamdad)]
    assert set(own) >= {key for key in kept if key.startswith("bamdad/")}


@pytest.mark.parametrize("least", [0.29, 1.01, float("nan"), -1])
def test_there_is_no_such_similarity(least: float) -> None:
    with pytest.raises(UsageError, match="is no similarity to ask for"):
        CopyClusters([], least)


def test_texts_are_not_kept(tmp_path: Path) -> None:
    """200 texts of 72 kB, of which half are copies, and how much the process grows by them."""
    stand = Newsstand(tmp_path / "archive")
    texts = [" ".join(words(seed, 8000)) for seed in range(100)]
    stand.write(
        (("bamdad", news(n, [texts[n % 100]], hours=n)) for n in range(1, 201)),
        FETCHED,
    )
    assert sum(len(text.encode()) for text in texts) * 2 > 14_000_000
    script = (
        "import resource; from archive import Archive;"
        "from archive.copies.clusters import CopyClusters;"
        "from archive.select.selection import Selection;"
        "most = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024;"
        "lines = Selection().lines(Archive()); list(CopyClusters([next(lines)])); before = most();"
        "count = sum(len(one.copies) for one in CopyClusters(lines));"
        "print(count, most() - before)"
    )
    command = [sys.executable, "-c", script]
    env = environment() | {"PYTHONPATH": str(REPOSITORY)}
    done = subprocess.check_output(command, cwd=stand.archive.path, env=env)
    count, grown = map(int, done.split())
    assert count == 99
    assert grown < 8_000_000


def test_texts_of_one_template_are_read_once(tmp_path: Path) -> None:
    """Bulletins that are near each other, but no copies, are not read again for each other: when
    the second one is compared with all, no file is needed any more."""
    stand = Newsstand(tmp_path / "archive")
    frame = words(1, 60)
    stand.write(
        (("bamdad", news(n, [*frame, *words(n + 10, 40)], hours=n)) for n in range(1, 41)), FETCHED
    )
    held = HeldShingles()
    found = CopyClusters(Selection().lines(stand.archive))
    assert list(found) == []
    texts = found.texts
    first = [held.of(text) for text in texts]
    for path in stand.archive.path.glob("*/articles/*"):
        path.unlink()
    assert [held.of(text) for text in texts] == first
    held.forget(texts[0].number)
    with pytest.raises(Damaged):
        held.of(texts[0])

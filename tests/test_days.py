"""A day is Iran's in every filter, whatever clock the site has and whatever source it lists by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Options, Site
from tests.nights import Nights

# Midnights in Tehran at which years and months begin, in UTC.
SPRING_1403 = datetime(2024, 3, 19, 20, 30, tzinfo=UTC)
SPRING_1404 = datetime(2025, 3, 20, 20, 30, tzinfo=UTC)
SECOND_MONTH = datetime(2025, 4, 20, 20, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MOMENTS = [
    moment + shift
    for moment in (SPRING_1403, SPRING_1404, SECOND_MONTH)
    for shift in (-300 * MINUTE, -MINUTE, 0 * MINUTE, 300 * MINUTE)
]
ZONES = {"Tehran": 3.5, "Los Angeles": -8, "Auckland": 13}


def dated(options: Options) -> Site:
    """A site with a post at each of the moments, and one that is older than all."""
    site = Site(len(MOMENTS), options=options)
    for post, moment in zip(
        site.listed(), [*MOMENTS, MOMENTS[0] - timedelta(days=200)], strict=True
    ):
        site.edit(post.id, published=moment, modified=moment)
    return site


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    """An archive of all those posts."""
    with Newsroom(dated(Options())) as room:
        nights = Nights(room, tmp_path_factory.mktemp("days") / "archive")
        assert nights()["verdict"] == "complete"
        yield nights


@pytest.mark.parametrize(
    ("since", "until", "begins"),
    [
        ("1404-01-01", "1404-01-31", "1404-01"),
        ("1404-01", "1404-01", "1404-01"),
        ("1404/1", "۱۴۰۴/۰۱/۳۱", "1404-01"),
        ("1403-12-30", "1403-12-30", "1403-12-30"),
        ("1403", "1403", "1403"),
        ("1404", "1404", "1404"),
        ("2025-03-21", "2025-03-21", "1404-01-01"),
    ],
)
def test_export_takes_the_days_that_the_lines_name(
    nights: Nights, since: str, until: str, begins: str
) -> None:
    every = nights.baygan("export", "--fields", "id,published_jalali").lines
    chosen = nights.baygan(
        "export", "--fields", "id,published_jalali", "--since", since, "--until", until
    )
    wanted = [line for line in every if line["published_jalali"].startswith(begins)]
    assert wanted
    assert chosen.lines == wanted


def later(moment: datetime) -> int:
    return sum(one >= moment for one in MOMENTS)


@pytest.mark.parametrize("hours", ZONES.values(), ids=ZONES)
def test_a_night_by_rest_takes_the_same_days_whatever_the_site_s_clock(
    hours: float, tmp_path: Path
) -> None:
    site = dated(Options(zone=timezone(timedelta(hours=hours))))
    with Newsroom(site) as room:
        nights = Nights(room, tmp_path / "archive")
        night = nights("--since", "1404")
        assert (night["new"], night["verdict"]) == (later(SPRING_1404), "complete")
        assert set(nights.months["site"]) == {"1404-01", "1404-02"}
        assert sum(path.startswith("/20") for path in nights.asked) == later(SPRING_1404)
        # Nothing is left to ask for; what an earlier day lets in is asked for then.
        night = nights("--since", "1403")
        between = later(SPRING_1403) - later(SPRING_1404)
        assert (night["new"], nights.fetched, night["verdict"]) == (between, between, "complete")


@pytest.mark.parametrize(
    "options",
    [
        Options(rest="rest_login_required"),
        pytest.param(Options(rest="rest_login_required", sitemap="none"), marks=pytest.mark.sister),
        pytest.param(
            Options(rest="rest_login_required", sitemap="none", feed=False),
            marks=pytest.mark.sister,
        ),
    ],
    ids=["sitemap", "feed", "lists"],
)
def test_a_night_without_rest_takes_them_too(options: Options, tmp_path: Path) -> None:
    with Newsroom(dated(options)) as room:
        nights = Nights(room, tmp_path / "archive")
        toml = nights.baygan.folder / "sites.toml"
        toml.write_text(toml.read_text() + 'since = "1404-01-01"\n')
        assert nights(code=None)["new"] == later(SPRING_1404)
        days = [line["published_jalali"] for line in nights.baygan("export").lines]
        assert {day[:4] for day in days} == {"1404"}
        # The rules of today leave the same days out, without a request.
        assert nights.baygan("rebuild").code == 0
        again = [line["published_jalali"] for line in nights.baygan("export").lines]
        assert sorted(again) == sorted(days)


def test_pages_fetched_again_are_of_those_days(tmp_path: Path) -> None:
    with Newsroom(dated(Options())) as room:
        nights = Nights(room, tmp_path / "archive")
        nights()
        night = nights("--again", "--since", "1404")
        assert (night["new"], night["changed"], nights.fetched) == (0, 0, later(SPRING_1404))


@pytest.mark.parametrize("since", ['"1404"', pytest.param("1404-01-01", marks=pytest.mark.sister)])
def test_sites_toml_knows_both_calendars(since: str, tmp_path: Path) -> None:
    with Newsroom(dated(Options())) as room:
        nights = Nights(room, tmp_path / "archive")
        toml = nights.baygan.folder / "sites.toml"
        toml.write_text(toml.read_text() + f"since = {since}\n")
        assert nights()["new"] == later(SPRING_1404)

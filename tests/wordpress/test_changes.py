"""What a test may do to the bed: themes, addresses, types, edits, a second start."""

import json
import os
import re
from collections.abc import Iterator

import pytest

from . import BedError, Plan, WordPress
from .conftest import require_packages
from .daemons import Daemon
from .test_bed import BOILERPLATE, get, shown, walk


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordPress]:
    """A bed of 24 posts and 3 reports, to be changed at will."""
    require_packages()
    folder = tmp_path_factory.mktemp("small")
    with WordPress.start(folder, Plan(posts=24, reports=3)) as bed:
        yield bed


@pytest.mark.parametrize("theme", ["twentytwentytwo", "twentytwentythree", "twentytwentyone"])
def test_themes_all_carry_article_and_boilerplate(small: WordPress, theme: str) -> None:
    small.use_theme(theme)
    html = get(small.seed.url).text
    text = shown(html)
    assert f"/themes/{theme}/" in html
    assert small.seed.title in text
    slogan_shown = theme == "twentytwentyone"
    for words in BOILERPLATE[0 if slogan_shown else 1 :] + small.seed.paragraphs:
        assert words in text


def test_reports_are_a_type_of_their_own(small: WordPress) -> None:
    reports = [post for post in small.truth if post.type == "gozaresh"]
    assert [entry["id"] for entry in walk(small, "gozaresh")] == [post.id for post in reports]
    assert all(reports[0].title in get(post.url).text for post in reports[:1])
    small.apply([{"do": "reports", "on": False}])
    assert get(reports[0].url).status == 404
    assert json.loads(get(f"{small.url}wp-json/wp/v2/gozaresh").text)["code"] == "rest_no_route"
    small.apply([{"do": "reports", "on": True}])
    assert get(reports[0].url).status == 200


def test_plain_permalinks_and_back(small: WordPress) -> None:
    pretty = small.seed.url
    small.use_permalinks("")
    assert small.seed.url == f"{small.url}?p={small.seed.id}"
    assert small.seed.lead in get(small.seed.url).text
    root = f'<{small.url}index.php?rest_route=/>; rel="https://api.w.org/"'
    assert root in get(small.url).headers["Link"]
    assert get(f"{small.url}wp-json/").headers["Content-Type"].startswith("text/html")
    small.use_permalinks("/%year%/%monthnum%/%day%/%postname%/")
    assert small.seed.url == pretty
    report = next(post for post in small.truth if post.type == "gozaresh")
    topic = re.search(r'href="([^"]*/category/[^"]*)"', get(pretty).text)
    assert topic and [get(url).status for url in (pretty, report.url, topic[1])] == [200] * 3


def test_changes_reach_site_and_truth(small: WordPress) -> None:
    edited, silent, trashed, erased, private = small.truth[:5]
    told = {"content": "<p>این نوشته تازه‌تر است.</p>", "paragraphs": ["این نوشته تازه‌تر است."]}
    fresh = {"do": "post", "title": "خبر نو", "date": "2026-01-01 08:00:00", "author": "negar"}
    *_, added = small.apply(
        [
            {"do": "edit", "id": edited.id, "slug": "renamed", **told},
            {"do": "set", "id": silent.id, "post_title": "تیتر دیگر"},
            {"do": "trash", "id": trashed.id},
            {"do": "erase", "id": erased.id},
            {"do": "edit", "id": private.id, "status": "private"},
            fresh | told,
        ]
    )
    truth = {post.id: post for post in small.truth}
    listed = {entry["id"]: entry for entry in walk(small)}
    assert set(listed) == {post.id for post in small.truth if post.type == "post"}
    assert not {trashed.id, erased.id, private.id} & set(truth)
    assert truth[edited.id].url.endswith("/renamed/")
    assert truth[edited.id].modified_gmt > edited.modified_gmt
    assert truth[edited.id].paragraphs == ["این نوشته تازه‌تر است."]
    assert truth[edited.id].paragraphs[0] in get(truth[edited.id].url).text
    assert get(edited.url).headers["Location"] == truth[edited.id].url
    assert truth[silent.id].title == "تیتر دیگر" == listed[silent.id]["title"]["rendered"]
    assert truth[silent.id].modified_gmt == silent.modified_gmt
    assert truth[added["id"]].title == "خبر نو"
    assert json.loads(rest(small, trashed.id))["code"] == "rest_forbidden"
    assert json.loads(rest(small, erased.id))["code"] == "rest_post_invalid_id"


def rest(wordpress: WordPress, post_id: int) -> str:
    return get(f"{wordpress.url}wp-json/wp/v2/posts/{post_id}").text


def test_unknown_verb_is_an_error(small: WordPress) -> None:
    with pytest.raises(BedError, match="no such verb: dance"):
        small.apply([{"do": "dance"}])


def test_second_start_finds_everything_again(small: WordPress) -> None:
    url, truth = small.url, small.truth
    with pytest.raises(BedError, match="up already"):
        WordPress.start(small.folder)
    small.stop()
    with WordPress.start(small.folder) as again:
        assert (again.url, again.truth) == (url, truth)
        assert WordPress.at(small.folder).truth == truth
        assert get(again.seed.url).status == 200


def test_no_foreign_process_is_ended(small: WordPress) -> None:
    marker = small.folder / "etc" / "no-such.conf"
    daemon = Daemon("foreign", [], marker, lambda: True, small.folder)
    daemon.pid_file.write_text(f"{os.getpid()}\n")
    assert daemon.pid() is None
    daemon.stop()  # would end this very test
    assert not daemon.pid_file.exists()

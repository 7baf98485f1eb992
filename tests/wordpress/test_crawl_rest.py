"""A whole site by REST: every published post once, nothing else, and not a request too many."""

from __future__ import annotations

import json
from typing import Any

from .conftest import FirstCrawl
from .truth import Post


def test_a_site_is_added_after_a_look(first_crawl: FirstCrawl) -> None:
    assert first_crawl.added.outcome.code == 0
    assert 'url = "' in (first_crawl.reader.baygan.folder / "sites.toml").read_text()
    assert first_crawl.added.pages  # a sample or two
    assert len(first_crawl.added.pages + first_crawl.added.others) <= 8


def test_first_crawl_asks_for_each_post_once(first_crawl: FirstCrawl) -> None:
    visit, truth = first_crawl.first, first_crawl.reader.wordpress.truth
    assert (visit.outcome.code, visit.outcome.out, visit.outcome.err) == (0, "", ""), visit
    asked = [first_crawl.reader.wordpress.url.rstrip("/") + seen.target for seen in visit.pages]
    assert sorted(asked) == sorted(post.url for post in truth)
    cut = [post for post in truth if 0 < post.on_first_page < len(post.paragraphs)]
    assert len(visit.others) <= 8 + len(truth) // 100 + len(cut), visit
    assert [seen for seen in visit.pages + visit.others if seen.status != 200] == []


def test_every_published_post_is_archived_once(first_crawl: FirstCrawl) -> None:
    truth = first_crawl.reader.wordpress.truth
    assert sorted(first_crawl.reader.by_id()) == [post.id for post in truth]


def test_lines_tell_what_was_posted(first_crawl: FirstCrawl) -> None:
    lines = first_crawl.reader.by_id()
    posts = [post for post in first_crawl.reader.wordpress.truth if not post.protected]
    wrong = [fault for post in posts for fault in differences(post, lines[post.id])]
    assert wrong == [], f"{len(wrong)} keys differ; the first: {wrong[:5]}"


def test_protected_posts_are_kept_without_a_text(first_crawl: FirstCrawl) -> None:
    lines = first_crawl.reader.by_id()
    posts = [post for post in first_crawl.reader.wordpress.truth if post.protected]
    assert len(posts) == 2
    for post in posts:
        line = lines[post.id]
        assert (line["text"], line["lead"]) == ("", None)
        assert "protected" in line["flags"]
        assert line["title"].endswith(post.title)
        assert (line["url"], line["published"]) == (post.url, post.date_gmt)


def test_nothing_hidden_is_in_the_archive(first_crawl: FirstCrawl) -> None:
    secrets = {entry.secret for entry in first_crawl.reader.wordpress.hidden}
    assert len(secrets) > 20
    everything = [json.dumps(first_crawl.reader.lines(), ensure_ascii=False)]
    for record, content in first_crawl.reader.contents():
        everything.append(str(record) + content.decode("utf-8", "replace"))
    assert [secret for secret in secrets if any(secret in told for told in everything)] == []
    seed = first_crawl.reader.wordpress.seed
    assert sum(seed.paragraphs[2] in told for told in everything) == 3  # line, page and text


def test_second_crawl_asks_for_no_article(first_crawl: FirstCrawl) -> None:
    again = first_crawl.again
    assert (again.outcome.code, again.outcome.out, again.outcome.err) == (0, "", ""), again
    assert again.pages == []
    assert len(again.others) <= 4, again


def test_accounts_balance_with_the_log(first_crawl: FirstCrawl) -> None:
    first, again = first_crawl.reader.nights()
    posts = len(first_crawl.reader.wordpress.truth)
    keys = ("verdict", "found", "new", "gone", "refused", "failed", "problems")
    assert [first[key] for key in keys] == ["complete", posts, posts, 0, 0, 0, []]
    assert [again[key] for key in keys] == ["complete", posts, 0, 0, 0, 0, []]
    for night, visit in ((first, first_crawl.first), (again, first_crawl.again)):
        assert night["requests"] == len(visit.pages + visit.parts + visit.others)


def differences(post: Post, line: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Where a line says something else than the truth: ID and key, found, expected."""
    wanted: dict[str, Any] = {
        "id": f"news/post/{post.id}",
        "post_type": "post",
        "version": 1,
        "url": post.url,
        "title": post.title,
        "authors": [post.author],
        "categories": sorted(post.categories),
        "tags": sorted(post.tags),
        "published": post.date_gmt,
        "modified": post.modified_gmt,
        "date_source": "rest",
        "end_marker": post.end_marker,
        "language": "fa",
        # An agency named in the opening is credited too, where no line names one.
        "source": post.source or line["source"],
        "image": post.image or (line["image"] or {}).get("url"),
        "lead": post.lead if post.lead_in_excerpt or line["lead"] else None,
    }
    said = line | {
        "categories": sorted(line["categories"]),
        "tags": sorted(line["tags"]),
        "image": (line["image"] or {}).get("url"),
    }
    return [
        (f"{post.id} {key}", said[key], value)
        for key, value in wanted.items()
        if said[key] != value
    ]

"""What baygan makes of the pages: every word, every half-space, and none of the boilerplate."""

from __future__ import annotations

import pytest

from archive.tables.line_columns import complete

from . import WordPress
from .conftest import FirstCrawl
from .score import Score, expected, f1, score, shown_by_blocks
from .visit import Reader


def test_score_tells_what_is_wrong() -> None:
    assert f1("خانه‌ها كهن", "خانهها کهن") == 1
    assert f1("یک دو چهار", "یک دو سه") == pytest.approx(2 / 3)
    assert f1("یک دو چهار", "یک دو", "چهار پنج") == 1
    assert f1("", "یک") == 0


def test_texts_are_the_posted_ones(first_crawl: FirstCrawl) -> None:
    scores = scored(first_crawl.reader)
    assert len(scores) == len(first_crawl.reader.wordpress.truth) - 2  # protected ones
    worst = min(scores, key=lambda one: one.f1)
    assert sum(one.f1 for one in scores) / len(scores) >= 0.99, worst
    assert worst.f1 >= 0.99, worst
    assert sum(len(one.lost) for one in scores) == 0, [str(one) for one in scores if one.lost]
    assert [str(one) for one in scores if one.junk] == []
    lines = first_crawl.reader.by_id().values()
    assert [line["url"] for line in lines if "incomplete" in line["flags"]] == []


def test_text_records_say_the_same(first_crawl: FirstCrawl) -> None:
    texts = first_crawl.reader.texts()
    lines = first_crawl.reader.by_id()
    assert len(texts) == len(lines)
    for post in first_crawl.reader.wordpress.truth:
        line = lines[post.id]
        text = texts[f"<{line['warc']['record_id']}>"]
        assert text == f"{line['title']}\n\n{line['text']}"
        assert [words for words in post.junk if words in text] == []


def test_show_prints_the_article_alone(first_crawl: FirstCrawl) -> None:
    reader = first_crawl.reader
    shapes = {post.shape: post for post in reader.wordpress.truth if expected(post)}
    assert len(shapes) > 5
    for post in shapes.values():
        shown = reader.baygan("show", f"news/post/{post.id}")
        assert shown.code == 0
        assert shown.out.startswith(f"{post.title}\n")
        assert [words for words in expected(post) if words not in shown.out] == []
        assert [words for words in post.junk if words in shown.out] == []


def test_the_seed_case_is_exact(first_crawl: FirstCrawl) -> None:
    seed = first_crawl.reader.wordpress.seed
    line = first_crawl.reader.by_id()[seed.id]
    assert line["text"] == "\n\n".join(seed.paragraphs)
    assert line["title"] == seed.title
    assert line["lead"] in (None, seed.lead)
    assert line["source"] == seed.source
    assert line["end_marker"] == seed.end_marker
    assert line["authors"] == [seed.author]
    exported = first_crawl.reader.baygan("export", "news").lines
    assert [entry for entry in exported if entry["post_id"] == seed.id] == [complete(line)]


@pytest.mark.parametrize(
    "theme", ["twentytwentytwo", pytest.param("twentytwentythree", marks=pytest.mark.sister)]
)
def test_other_themes(
    wordpress: WordPress, tmp_path_factory: pytest.TempPathFactory, theme: str
) -> None:
    """The newest third of the posts; the sample holds a long post cut in mid-<div>."""
    since = "2024-09-15"
    reader = Reader.of(wordpress, tmp_path_factory.mktemp(theme), f"since = {since}")
    wordpress.use_theme(theme)
    try:
        assert reader.visit().outcome.code == 0
    finally:
        wordpress.use_theme("twentytwentyone")
    lines = reader.by_id()
    posts = [post for post in wordpress.truth if post.date_gmt > since]
    assert sorted(lines) == [post.id for post in posts]
    scores = [score(shown_by_blocks(post), lines[post.id]) for post in posts]
    assert [str(one) for one in scores if one.f1 < 0.99 or one.lost or one.junk] == []
    # What it does not show REST tells.
    lacking = [
        post.id for post in posts if len(shown_by_blocks(post).paragraphs) < len(post.paragraphs)
    ]
    assert [post.id for post in posts if "incomplete" in lines[post.id]["flags"]] == lacking
    wrong = [post for post in posts if lines[post.id]["title"] != post.title]
    wrong += [post for post in posts if lines[post.id]["authors"] != [post.author]]
    assert wrong == []


def scored(reader: Reader) -> list[Score]:
    """The score of every public post."""
    lines = reader.by_id()
    return [score(post, lines[post.id]) for post in reader.wordpress.truth if expected(post)]

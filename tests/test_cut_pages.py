"""Pages that end before their article does, where only the end of the connection ends the answer:
nothing on the wire tells that they were cut, but the page itself does."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import NotAnArticle
from archive.model import Hints
from scraper.cleaning import clean
from tests.newsroom.answer import Answer
from tests.newsroom.document import Document
from tests.newsroom.moods import Mood
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.request import Request
from tests.newsroom.site import Site
from tests.nights import Nights

FIRST = "کشتی‌های باری از بندر شمالی راه افتادند و تا فردا به اسکلهٔ تازه می‌رسند."
SECOND = "ناخدای یکی از آن‌ها گفت دریا آرام است و بار، بیشتر گندم و چوب جنگلی است."
START = '<html><head><title>بندر</title></head><body class="single single-post">'
ARTICLE = f'<h1>بندر</h1><div class="entry-content"><p>{FIRST}</p><p>{SECOND}</p></div>'
WHOLE = f"{START}{ARTICLE}<footer>روزنامه</footer></body></html>"


def flags(page: str) -> tuple[str, ...]:
    return clean(page.encode()).flags


def test_a_page_without_its_end_is_flagged_wherever_it_was_cut() -> None:
    assert "truncated" not in flags(WHOLE)
    begin, end = WHOLE.index(SECOND[:20]), WHOLE.index("</body>")
    for place in range(begin, end, 7):
        assert "truncated" in flags(WHOLE[:place])


@pytest.mark.parametrize(
    "page",
    [
        WHOLE.replace("</html>", ""),
        WHOLE.replace("</body>", ""),
        WHOLE.replace("</body></html>", "</BODY ></HTML>"),
        WHOLE + "<!-- از حافظه -->",
        # Optional tags that were left out to make the page small.
        WHOLE.replace("</head>", "").replace("</body></html>", ""),
        f"<h1>بندر</h1><article><p>{FIRST}</p></article>",
    ],
    ids=["no html", "no body", "capitals", "signature", "small", "piece"],
)
def test_a_page_with_an_end_of_its_own_kind_is_not(page: str) -> None:
    assert "truncated" not in flags(page)


@pytest.mark.parametrize("place", ["<div class", "<h1>", "<body", "</head>", "</title>"])
def test_a_page_that_was_cut_before_its_text_is_none_yet(place: str) -> None:
    page = WHOLE[: WHOLE.index(place)].encode()
    with pytest.raises(NotAnArticle) as caught:
        clean(page, hints=Hints(post_id=7, post_type="post", title="بندر"))
    assert caught.value.reason == "empty"


def shorter(old: str) -> Mood:
    """The page up to the middle of `old`, a text in it, and then the end of the connection."""

    def mood(request: Request, document: Document) -> Answer:
        body = document.body
        end = body.index(old.encode()) + len(old.encode()) // 2 + 1
        return document.answer(framing="close").cut(end / len(body))

    return mood


def test_what_was_cut_tonight_is_whole_after_a_normal_night(tmp_path: Path) -> None:
    with Newsroom(Site(4)) as room:
        nights = Nights(room, tmp_path / "archive")
        post = room.posts[1]
        room.be(shorter(post.paragraphs[-1]), post.path)
        assert nights(code=None)["new"] == 5
        [line] = [li for li in nights.baygan("export").lines if li["post_id"] == post.id]
        assert "truncated" in line["flags"]
        room.be("calm")
        assert (nights()["changed"], nights.fetched) == (1, 1)
        [line] = [li for li in nights.baygan("export").lines if li["post_id"] == post.id]
        assert "truncated" not in line["flags"] and post.paragraphs[-1] in line["text"]
        assert nights()["new"] == 0 and nights.fetched == 0
        assert nights.baygan("check").code == 0


def test_a_cut_page_takes_no_whole_one_s_place(tmp_path: Path) -> None:
    with Newsroom(Site(4)) as room:
        nights = Nights(room, tmp_path / "archive")
        nights()
        before = nights.baygan("export").out
        post = room.posts[1]
        room.be(shorter(post.paragraphs[-1]), post.path)
        bad = nights("--again", code=None)
        assert (bad["changed"], bad["silent"], bad["refused"]) == (0, 0, 1)
        assert nights.baygan("export").out == before
        room.be("calm")
        assert nights()["changed"] == 0
        assert nights.fetched == 1
        assert nights.baygan("rebuild").code == 0
        assert [line["version"] for line in nights.baygan("export").lines] == [1] * 5

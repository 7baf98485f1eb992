"""The news of the bed, before any WordPress: always the same, each of its own, truly spelled."""

import re

import pytest

from . import daemons, missing
from .articles import ZWNJ, article, seed_article
from .conftest import require_packages
from .mix import SHAPES, SPELLINGS, published
from .shapes import content

IMAGES = {1: "http://127.0.0.1/a.png", 2: "http://127.0.0.1/b.png"}


def test_a_number_is_an_article_for_good() -> None:
    bodies = [tuple(article(number).paragraphs()) for number in range(500)]
    assert bodies == [tuple(article(number).paragraphs()) for number in range(500)]
    assert len(set(bodies)) == 500


def test_bodies_are_rich_in_half_spaces() -> None:
    words = " ".join(text for n in range(50) for text in article(n).paragraphs()).split()
    assert sum(ZWNJ in word for word in words) > len(words) / 12


def test_spellings() -> None:
    plain = article(3)
    assert not set("یک") & set("".join(plain.spelled("arabic").paragraphs()))
    assert ZWNJ not in "".join(plain.spelled("blank").paragraphs())
    assert not re.search("[۰-۹]", "".join(plain.spelled("latin").paragraphs()))
    assert plain.spelled("plain") == plain


@pytest.mark.parametrize("shape", sorted(set(SHAPES)))
def test_shapes_keep_every_word(shape: str) -> None:
    told = article(3, frozenset({"quote", "list", "table", "gallery", "end", "source"}))
    html = content(told, shape, list(IMAGES.values())).replace("&nbsp;", " ")
    assert ("&zwnj;" in html) == (shape == "entity")
    for words in [*told.paragraphs(), *told.extras(), "انتهای پیام/", f"منبع {told.source}"]:
        assert words in html.replace("&zwnj;", ZWNJ)


def test_mix_has_every_shape_in_every_spelling() -> None:
    posts = published(320, IMAGES)
    assert len(posts) == 320
    pairs = {(post.shape, post.spelling) for post in posts}
    assert pairs >= {(shape, spelling) for shape in SHAPES for spelling in SPELLINGS}
    assert posts[-1].article == seed_article()


def test_missing_packages_are_named_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daemons, "SEARCH", "")
    line = missing()
    assert line is not None
    assert "apt-get install --no-install-recommends mariadb-server nginx php " in line
    assert "\n" not in line


def test_missing_packages_skip_or_fail_as_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daemons, "SEARCH", "")
    monkeypatch.delenv("BAYGAN_WORDPRESS", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install"):
        require_packages()
    monkeypatch.setenv("BAYGAN_WORDPRESS", "required")
    with pytest.raises(pytest.fail.Exception, match="apt-get install"):
        require_packages()

"""The bed made ready for the gold: our own must-use plugins, and every manuscript published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from tests.wordpress import Plan, WordPress
from tests.wordpress.articles import Article
from tests.wordpress.desk import perform

from . import shapes
from .manuscript import Manuscript, read

PLUGINS = Path(__file__).parent / "php" / "mu-plugins"
AUTHORS = {
    "narges": "نرگس کیان‌مهر",
    "pouya": "پویا رستگارنیا",
    "shahrzad": "شهرزاد آهنگری",
    "mani": "مانی فرخ‌زاده",
    "raha": "رها دانش‌آموز",
    "newsroom": "تحریریه پگاه",
}
REMARKS = (
    "خسته نباشید، کاش عکس بیشتری می‌گذاشتید.",
    "همین‌ها را پارسال هم نوشته بودید و چیزی عوض نشد!",
    "من اهل همان‌جایم؛ ماجرا کمی جور دیگری بود.",
    "سپاس از خبرنگار خوب شما، دست‌مریزاد.",
    "آیا منبعی برای عددها دارید؟",
)
PERMALINKS = "/news/%post_id%/%postname%/"
PICTURES = ("بازار بامدادی", "قایق کنار اسکله")


@dataclass(frozen=True)
class Published:
    """A manuscript with the post that it became, its words as WordPress shows them."""

    manuscript: Manuscript
    article: Article
    shown: list[str]
    id: int
    url: str
    remarks: list[str]


@contextmanager
def open_desk(folder: Path) -> Iterator[WordPress]:
    """A bed without its own posts and plugins, with ours."""
    with WordPress.start(folder, Plan(posts=1, permalinks=PERMALINKS)) as bed:
        link = bed.folder / "site" / "wp-content" / "mu-plugins"
        gone = [post.id for post in bed.truth] + [entry.id for entry in bed.hidden]
        perform(bed.folder, [{"do": "erase", "id": post_id} for post_id in gone])
        link.unlink()
        link.symlink_to(PLUGINS)
        perform(bed.folder, [{"do": "widgets"}, {"do": "permalinks", "structure": PERMALINKS}])
        yield bed


def publish(bed: WordPress, wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, Published]:
    """Post every manuscript; `wanted` says its shape and where its lead goes."""
    texts = {name: read(name) for name in wanted}
    names = sorted({text.category for text in texts.values()})
    slugs = {name: f"desk-{number}" for number, name in enumerate(names)}
    images = _furnish(bed, slugs)
    articles = {
        name: shapes.spelled(text.article, wanted[name]["shape"]) for name, text in texts.items()
    }
    posts = {
        name: _post(name, texts[name], articles[name], wanted[name], images)
        | {"categories": [slugs[texts[name].category]]}
        for name in wanted
    }
    ids = [answer["id"] for answer in perform(bed.folder, list(posts.values()))]
    asked = [
        {"do": "shown", "id": post_id, "texts": _words(articles[name])}
        for name, post_id in zip(wanted, ids, strict=True)
    ]
    answers = perform(bed.folder, asked)
    return {
        name: Published(
            texts[name],
            articles[name],
            answer["texts"],
            answer["id"],
            answer["url"],
            [comment["text"] for comment in posts[name]["comments"]],
        )
        for name, answer in zip(wanted, answers, strict=True)
    }


def _words(article: Article) -> list[str]:
    return [article.title, article.lead, *(block.text for block in article.blocks)]


def _furnish(bed: WordPress, categories: Mapping[str, str]) -> dict[int, str]:
    """Authors, categories and pictures; the pictures' IDs and addresses."""
    commands: list[dict[str, Any]] = [
        {"do": "user", "login": login, "name": name, "about": f"{name} از قلم‌های این روزنامه است."}
        for login, name in AUTHORS.items()
    ]
    commands += [
        {"do": "category", "name": name, "slug": slug} for name, slug in categories.items()
    ]
    commands += [_picture(n, title) for n, title in enumerate(PICTURES)]
    answers = perform(bed.folder, commands)[-len(PICTURES) :]
    return {answer["id"]: answer["url"] for answer in answers}


def _picture(number: int, title: str) -> dict[str, Any]:
    return {
        "do": "attachment",
        "title": title,
        "caption": "",
        "date": "2023-01-01 08:00:00",
        "file": f"picture-{number}.png",
        "width": 64,
        "height": 36,
        "author": "narges",
    }


def _post(
    name: str, text: Manuscript, article: Article, how: Mapping[str, Any], images: dict[int, str]
) -> dict[str, Any]:
    lead = how["lead"]
    moment = f"{text.date:%Y-%m-%d %H:%M}:00"
    chance = Random(name)
    post: dict[str, Any] = {
        "do": "post",
        "title": article.title,
        "content": shapes.content(
            article, how["shape"], list(images.values()), lead in {"body", "repeated"}
        ),
        "excerpt": article.lead if lead != "body" else "",
        "date": moment,
        "author": next(login for login, shown in AUTHORS.items() if shown == text.author),
        "tags": list(article.tags),
        "comments": [
            {"author": "رهگذر", "text": remark, "date": moment}
            for remark in chance.sample(REMARKS, chance.randrange(3))
        ],
    }
    if chance.random() < 0.4:
        post["thumbnail"] = chance.choice(list(images))
    return post | {key: how[key] for key in ("type", "password") if key in how}

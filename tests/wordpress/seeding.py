"""Fills an empty database with WordPress, authors, pictures and posts, and notes the truth."""

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import mix
from .articles import news
from .desk import Answer, perform
from .mix import Typed
from .truth import Hidden, Post, Truth

TITLE = "روزنامه نمونه‌شهر"
TAGLINE = "All the news before breakfast"
PRETTY = "/%year%/%monthnum%/%day%/%postname%/"
OPTIONS = {
    "WPLANG": "fa_IR",
    "timezone_string": "Asia/Tehran",
    "gmt_offset": "",
    "start_of_week": 6,
    "thread_comments": 1,
    "thread_comments_depth": 5,
    "page_comments": 1,
    "comments_per_page": 50,
    "default_comments_page": "newest",
    "default_pingback_flag": 0,
    "uploads_use_yearmonth_folders": 0,
}
CAPTIONS = ("غروب تالاب", "کوچه باغ", "ایستگاه راه‌آهن")


@dataclass(frozen=True)
class Plan:
    """How much of what to seed."""

    posts: int = 320
    reports: int = 0
    permalinks: str = PRETTY
    theme: str = "twentytwentyone"
    path: str = ""  # below which it is installed, such as "/akhbar"


def seed(folder: Path, plan: Plan) -> Truth:
    """Install WordPress into its empty database and fill it; ~10 ms a post."""
    perform(folder, [_install()])
    images, pages = _furnish(folder, plan)
    first, *rest = mix.published(plan.posts, images)
    # The hidden early: a draft published one day has a low ID.
    typed = [first, *mix.hidden(images), *rest, *mix.reports(plan.reports, images)]
    ids = [answer["id"] for answer in perform(folder, [post.command for post in typed])]
    rows = describe(folder, ids, [post.texts for post in typed])
    published = ("post", "password")
    truth = Truth(
        [_post(row, told) for row, told in zip(rows, typed, strict=True) if told.kind in published],
        [_hidden(row, told) for row, told in zip(rows, typed, strict=True) if told.secret],
    )
    truth.hidden += pages
    return truth


def describe(folder: Path, ids: list[int], texts: list[dict[str, list[str]]]) -> list[Answer]:
    """WordPress's own word on posts: addresses, dates, titles, texts as shown."""
    commands = [
        {"do": "describe", "id": post_id, "texts": words}
        for post_id, words in zip(ids, texts, strict=True)
    ]
    return perform(folder, commands)


def _install() -> dict[str, Any]:
    return {"do": "install", "title": TITLE, "tagline": TAGLINE, "options": OPTIONS}


def _furnish(folder: Path, plan: Plan) -> tuple[dict[int, str], list[Hidden]]:
    """All that posts lean on: permalinks, theme, authors, categories, and the pictures."""
    commands: list[dict[str, Any]] = [
        {"do": "permalinks", "structure": plan.permalinks},
        {"do": "theme", "name": plan.theme},
        {"do": "reports", "on": plan.reports > 0},
    ]
    commands += [
        {"do": "user", "login": login, "name": name, "about": about}
        for login, (name, about) in mix.AUTHORS.items()
    ]
    commands += [
        {"do": "category", "name": topic["name"], "slug": topic["slug"]}
        for topic in news()["topic"]
    ]
    commands += [_picture(folder, number, caption) for number, caption in enumerate(CAPTIONS)]
    pictures = perform(folder, commands)[-len(CAPTIONS) :]
    rows = describe(folder, [answer["id"] for answer in pictures], [{}] * len(CAPTIONS))
    pages = [
        Hidden(row["id"], "attachment", row["url"], row["title"], mix.secret(number))
        for number, row in enumerate(rows)
    ]
    return {answer["id"]: answer["url"] for answer in pictures}, pages


def _picture(folder: Path, number: int, caption: str) -> dict[str, Any]:
    """Write a picture into uploads; its attachment page has a secret word in the title."""
    name, width, height = f"picture-{number}.png", 64, 36
    uploads = folder / "site" / "wp-content" / "uploads"
    (uploads / name).write_bytes(_png(width, height, number))
    return {
        "do": "attachment",
        "title": f"{caption} {mix.secret(number)}",
        "caption": caption,
        "date": "2022-05-01 09:00:00",
        "file": name,
        "width": width,
        "height": height,
        "author": "negar",
    }


def _png(width: int, height: int, hue: int) -> bytes:
    """A plain picture of its own colour, so that galleries hold real files."""
    colour = bytes((60 + 60 * hue, 120, 200 - 60 * hue))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + colour * width) * height
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def _post(row: Answer, told: Typed) -> Post:
    texts = row["texts"]
    ends = [told.article.end_marker, told.article.source and f"منبع {told.article.source}"]
    remarks = sorted({comment["text"] for comment in told.command["comments"]})
    body = [] if row["protected"] else texts["paragraphs"]
    return Post(
        **public(row),
        lead=body[0] if body else "",
        paragraphs=body,
        extras=[] if row["protected"] else texts["extras"],
        junk=row["junk"] + [end for end in ends if end] + remarks,
        end_marker=told.article.end_marker,
        source=told.article.source,
        shape=told.shape,
        spelling=told.spelling,
        lead_in_excerpt=told.lead_in_excerpt,
        on_first_page=told.article.on_first_page() if body else 0,
    )


def public(row: Answer) -> dict[str, Any]:
    """The keys of a description that stand in a Post as they are."""
    kept = {"id", "type", "url", "title", "author", "categories", "tags"}
    kept |= {"date_gmt", "modified_gmt", "comments", "image", "protected", "sticky"}
    return {key: value for key, value in row.items() if key in kept}


def _hidden(row: Answer, told: Typed) -> Hidden:
    assert told.secret is not None
    return Hidden(row["id"], told.kind, row["url"], row["title"], told.secret)

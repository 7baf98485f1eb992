"""python -m tests.gold.render [NAME…]: make the gold anew from the bed; all of it without names.

The same sources and the same WordPress give the same bytes: the bed's address is written over
with the site's own, and nothing else on a page knows about the machine.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import tomllib
import urllib.error
import urllib.request
from collections.abc import Collection, Mapping
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

import lxml.html

from tests.wordpress import WordPress

from . import look
from .case import GOLD, Case
from .newsdesk import Published, open_desk, publish
from .pieces import SHORTEST, catalogue, deal, strings
from .score import folded

SKINS = GOLD / "php" / "themes" / "newsstand" / "skins"
DEFAULTS = {"shape": "classic", "lead": "body", "date": "jalali", "seo_date": "true"}
CORE = (
    "دیدگاهتان را بنویسید",
    "لغو پاسخ",
    "نشانی ایمیل شما منتشر نخواهد شد.",
    "بخش‌های موردنیاز علامت‌گذاری شده‌اند",
    "فرستادن دیدگاه",
    "ذخیره نام، ایمیل و وبسایت من در مرورگر برای زمانی که دوباره دیدگاهی می‌نویسم.",
    "دیدگاه‌ها بسته شده‌اند.",
    "رفتن به محتوا",
    "Skip to content",
    "راهبری نوشته",
    "نوشتهٔ پیشین",
    "با نیروی وردپرس",
    "دسته‌بندی شده در",
)


def main(names: list[str]) -> int:
    for case in render(GOLD, names):
        print(case.folder.relative_to(GOLD), len(case.page), len(case.junk))
    return 0


def render(target: Path, names: Collection[str] = ()) -> list[Case]:
    """Write build/ and sealed/ below `target`, or only the cases of some names (7 s for all)."""
    told = tomllib.loads((GOLD / "cases.toml").read_text("utf-8"))
    plan = {part: {name: DEFAULTS | how for name, how in told[part].items()} for part in told}
    posts = {name: how for part in plan.values() for name, how in part.items()}
    made = []
    with tempfile.TemporaryDirectory(prefix="gold") as folder, open_desk(Path(folder)) as bed:
        published = publish(bed, {name: how for name, how in posts.items() if "path" not in how})
        renderer = Renderer(bed, published)
        for part, hows in plan.items():
            boilerplate = deal(sorted(hows), sealed=part == "sealed")
            made += [
                renderer.render(target / part / name, how, boilerplate[name])
                for name, how in hows.items()
                if not names or name in names
            ]
    return made


class Renderer:
    """Fetches pages from the bed and writes them down as cases."""

    def __init__(self, bed: WordPress, posts: Mapping[str, Published]) -> None:
        self.bed = bed
        self.posts = posts

    def render(
        self, folder: Path, how: Mapping[str, Any], boilerplate: dict[str, list[str]]
    ) -> Case:
        """One case; its folder is made anew."""
        shutil.rmtree(folder, ignore_errors=True)
        post = self.posts.get(folder.name)
        fillings = self._fillings(folder.name, post)
        dress = look.dressed(how["skin"]) | {"fillings": fillings, "pieces": boilerplate}
        if post is None:
            return self._refused(folder, how, dress)
        moment = post.manuscript.moment
        dress |= {
            "date": look.visible(how["date"], moment),
            "seo": how.get("seo"),
            "machine_date": look.machine(how["seo_date"], moment),
            "lead_class": how.get("lead_class"),
        }
        path = post.url.removeprefix(self.bed.url)
        jalali = look.jalali(moment)
        address = how.get("address", "{path}").format(path=path, moment=moment, jalali=jalali)
        page = self._fetch(path, how["skin"], dress).replace(path.encode(), address.encode())
        if how.get("kind"):
            expected = {"url": _home(how["skin"]) + address, "kind": how["kind"]}
            return Case.write(folder, page, expected, [])
        expected = self._expected(post, how, page) | {"url": _home(how["skin"]) + address}
        return Case.write(folder, page, expected, self._junk(page, expected, post, dress))

    def _refused(self, folder: Path, how: Mapping[str, Any], dress: dict[str, Any]) -> Case:
        """A list of WordPress's, or a page of pages/ that no WordPress made."""
        path = quote(how["path"], safe="/?=&")
        if path.endswith(".html"):
            page = (GOLD / "pages" / path).read_bytes()
            path = "news/1/"
        else:
            page = self._fetch(path, how["skin"], dress)
        expected = {"url": _home(how["skin"]) + path, "kind": how["kind"]}
        return Case.write(folder, page, expected, [])

    def _fetch(self, path: str, skin: str, dress: Mapping[str, Any]) -> bytes:
        request = urllib.request.Request(self.bed.url + path)
        request.add_header("Gold-Look", look.header(dress))
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                page: bytes = answer.read()
        except urllib.error.HTTPError as error:
            page = error.read()
        here, there = f"127.0.0.1:{self.bed.port}", f"{skin}.example"
        for colon in (":", "%3A", "\\u003A"):
            page = page.replace(here.replace(":", colon).encode(), there.encode())
        return page

    def _fillings(self, name: str, post: Published | None) -> dict[str, str]:
        """Three other posts for the related boxes, and the author's name."""
        others = sorted(other for other in self.posts if other != name)
        tags = post.article.tags if post else ()
        fillings = {
            "author": post.manuscript.author if post else "تحریریه",
            "tag": tags[0] if tags else "گوناگون",
        }
        for number, other in enumerate(Random(name).sample(others, 3), 1):
            fillings[f"other{number}"] = self.posts[other].shown[0]
            fillings[f"other{number}_url"] = self.posts[other].url
        return fillings

    def _expected(self, post: Published, how: Mapping[str, Any], page: bytes) -> dict[str, Any]:
        title, lead, *words = (_text(words) for words in post.shown)
        blocks = list(zip((block.kind for block in post.article.blocks), words, strict=True))
        kinds = [kind for kind, _ in blocks]
        blocks = blocks[: kinds.index("page")] if "page" in kinds else blocks
        told = post.manuscript
        ends = post.article
        outside = how["lead"] != "body"
        shown_lead = [lead] if lead and (not outside or _shows_excerpt(how)) else []
        skin, seo = how["skin"], how.get("seo")
        captions = [text for kind, text in blocks if kind == "caption"]
        end = [ends.end_marker, ends.source and f"منبع: {ends.source}"]
        dated = how["date"] != "none" or seo or "address" in how
        named = told.author in page.decode() or seo in ("yoast", "aioseo", "publisher")
        ago = (told.moment + timedelta(hours=3)).isoformat() if how["date"] == "ago" else None
        return {
            "kind": "article",
            "title": title,
            "lead": lead if outside and shown_lead else None,
            "paragraphs": shown_lead + [text for kind, text in blocks if kind not in UNSPOKEN],
            "optional": captions + [text for text in end if text and "page" not in kinds],
            "authors": [told.author] if named else [],
            "categories": [told.category],
            "tags": _tags(post, skin, seo),
            "day": str(told.moment.date()) if dated else None,
            "source": told.credit,
            "end_marker": ends.end_marker,
            "captured": ago,
        }

    def _junk(
        self, page: bytes, expected: Mapping[str, Any], post: Published, dress: Mapping[str, Any]
    ) -> list[str]:
        """Strings of the page that are none of the article's."""
        named = [name for names in dress["pieces"].values() for name in names]
        candidates = [*CORE, dress["tagline"], *post.remarks]
        candidates += [other.shown[0] for other in self.posts.values()]
        for name in named:
            candidates += strings(catalogue()[name].html, dress["fillings"])
        if "skin" in dress:
            for file in sorted((SKINS / dress["skin"]).glob("*.html")):
                candidates += strings(file.read_text("utf-8"), {"site": dress["site"]})
        own = folded("\n".join([expected["title"], *expected["paragraphs"]]))
        own += folded("\n".join(expected["optional"]))
        shown = folded(" ".join(map(str, lxml.html.document_fromstring(page.decode()).itertext())))
        return [
            words
            for words in dict.fromkeys(candidates)
            if folded(words) in shown and folded(words) not in own and len(words) >= SHORTEST
        ]


UNSPOKEN = frozenset({"caption", "more", "page"})


def _home(skin: str) -> str:
    return f"http://{skin}.example/"


def _text(html: str) -> str:
    """Words without their inline tags; a row's cells with a blank between."""
    return " ".join(re.sub("<[^>]+>", "", html).split())


def _shows_excerpt(how: Mapping[str, Any]) -> bool:
    return not how["skin"].startswith("twenty") or "lead_class" in how


def _tags(post: Published, skin: str, seo: str | None) -> list[str]:
    """Where neither the theme nor the head names the tags, nobody can know them."""
    named = skin != "elementor" or seo not in (None, "aioseo")
    return sorted(post.article.tags) if named else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

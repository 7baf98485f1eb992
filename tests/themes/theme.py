"""A theme of meaningless names, made from a seed: its nesting, its boxes and what it always says.

The articles in it are the newsroom's own. A rule that knows names or phrases sees none of them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html import escape
from random import Random

from tests.newsroom.jalali import spelled
from tests.newsroom.post import Post
from tests.newsroom.words import AUTHORS, READERS
from tests.themes.house import House
from tests.themes.story import Story, told

LETTERS = "bcdfghjklmnpqrtvwxz"


@dataclass
class Theme:
    """`page` is a story's page, `content` what REST would say its text is.

    `wide` themes set the paragraphs directly beside headline and comments, `split` ones cut the
    text in two boxes, `bare` ones give the text's box no name, `busy` ones set boxes amid the text
    and more articles below. With `filtered` the house's sentences stand in the content, too.
    """

    seed: int
    wide: bool = False
    split: bool = False
    bare: bool = False
    busy: bool = False
    filtered: bool = True
    house: House = field(init=False)
    names: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.chance = Random(f"theme {self.seed}")
        self.house = House(self.seed)
        self.names = {}
        self.depth = self.chance.randint(1, 5)
        self.inner = self.chance.randint(0, 2)
        self.headline = self.chance.choice(("h1", "h1", "h2", "div"))
        self.boxed_author = self.chance.random() < 0.5
        self.schema = self.chance.random() < 0.5

    def name(self, role: str) -> str:
        """The attribute for the elements of a role: a class or an ID, or none in a bare theme."""
        if role not in self.names:
            chance = Random(f"{self.seed} {role}")
            word = "".join(chance.choice(LETTERS) for _ in range(chance.randint(2, 5)))
            more = chance.choice(("", "-" + chance.choice(LETTERS), f" {chance.choice(LETTERS)}x1"))
            self.names[role] = f' class="{word}{more}"'
        return "" if self.bare and role in ("root", "half", "share", "form") else self.names[role]

    def content(self, story: Story) -> str:
        """What the post's content is by the REST API."""
        parts = (
            self.house.filtered(story.markup(), story.post.id) if self.filtered else story.markup()
        )
        return "\n".join(parts)

    def printed(self, post: Post, others: list[Post]) -> bytes:
        """The page of a newsroom's post."""
        return self.page(told(post), others)

    def page(self, story: Story, others: list[Post]) -> bytes:
        """The whole page of a story; `others` are the posts that its lists name."""
        post, title = story.post, escape(story.post.title)
        main = self._main(story, others)
        if self.busy:
            main += self._main(told(others[0]), others) + self._main(told(others[1]), others)
        for level in range(self.depth):
            beside = (
                f"<div{self.name(f'beside {level}')}><b>{escape(others[level].title)}</b></div>"
            )
            main = f"<div{self.name(f'around {level}')}>{main}{beside if level % 2 else ''}</div>"
        return f"""<!DOCTYPE html><html lang="fa-IR" dir="rtl"><head><meta charset="utf-8">
<title>{title} | {self.house.name}</title><meta property="og:title" content="{title}">
<meta property="og:site_name" content="{self.house.name}">
<meta property="og:type" content="article">
{self._schema(post)}</head><body{self.name("body")}>{self._top(others)}{main}{self._foot()}
</body></html>""".encode()

    def _schema(self, post: Post) -> str:
        if not self.schema:
            return (
                f'<meta property="article:published_time" content="{post.published.isoformat()}">'
            )
        node = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": post.title,
            "datePublished": post.published.isoformat(),
        }
        return f'<script type="application/ld+json">{json.dumps(node, ensure_ascii=False)}</script>'

    def _top(self, others: list[Post]) -> str:
        menu = "".join(
            f'<li><a href="/s/{n}/">{word}</a></li>' for n, word in enumerate(self.house.menu)
        )
        fresh = "".join(f'<a href="/{p.id}/">{escape(p.title)}</a> ' for p in others[:3])
        return (
            f"<div{self.name('top')}>"
            f"<div{self.name('logo')}><a href='/'>{self.house.name}</a></div>"
            f"<ul{self.name('menu')}>{menu}</ul><div{self.name('fresh')}>{fresh}</div></div>"
        )

    def _foot(self) -> str:
        return f"<div{self.name('foot')}><p>{self.house.rights}</p></div>"

    def _main(self, story: Story, others: list[Post]) -> str:
        post = story.post
        head = (
            f"<div{self.name('crumb')}><a href='/'>{self.house.menu[0]}</a> / "
            f"<a href='/c/'>{post.categories[0]}</a></div><{self.headline}{self.name('headline')}>"
            f"{escape(post.title)}</{self.headline}>"
            f"<div{self.name('facts')}><span>{post.author}</span> "
            f"<span>{spelled(post.published)}</span><span>{self.house.code}: {post.id}</span></div>"
        )
        lead = f"<div{self.name('lead')}>{escape(post.lead)}</div>" if story.lead_outside else ""
        parts = self.house.filtered(story.markup(), post.id)
        if self.busy:
            parts = [*parts[:1], *self._amid(story, others), *parts[1:]]
        after = self._after(story, others)
        share = f"<div{self.name('share')}>{self.house.share}</div>"
        if self.wide:
            return f"<div{self.name('root')}>{head}{lead}{''.join(parts)}{share}{after}</div>"
        if self.split:
            cut = max(1, len(parts) // 2)
            halves = ("".join(parts[:cut]), "".join(parts[cut:]))
            text = (
                f"<div{self.name('half')}>{halves[0]}</div><div{self.name('advert')}>"
                f"<p>{self.house.advert}</p></div><div{self.name('half')}>{halves[1]}</div>"
            )
        else:
            text = "".join(parts) + share + (self._author(post) if self.boxed_author else "")
        text = f"<div{self.name('root')}>{text}</div>"
        for level in range(self.inner):
            text = f"<div{self.name(f'wrap {level}')}>{text}</div>"
        return f"<div{self.name('story')}>{head}{lead}{text}{after}</div>"

    def _amid(self, story: Story, others: list[Post]) -> list[str]:
        """Boxes that the theme sets into the text: an advertisement, and another article."""
        advert = self.house.adverts[story.post.id % len(self.house.adverts)]
        more = f"{self.house.aside}: <a href='/{others[2].id}/'>{escape(others[2].title)}</a>"
        return [
            f"<div{self.name('advert')}><p>{advert}</p></div>",
            f"<div{self.name('more')}>{more}</div>",
        ]

    def _author(self, post: Post) -> str:
        bio = self.house.bio(AUTHORS.index(post.author))
        return (
            f"<div{self.name('author')}><b>{post.author}</b><p>{bio}</p>"
            f"<a href='/a/{AUTHORS.index(post.author)}/'>{self.house.more}</a></div>"
        )

    def _after(self, story: Story, others: list[Post]) -> str:
        tags = "".join(f'<a href="/t/{n}/">{tag}</a> ' for n, tag in enumerate(story.post.tags))
        links = "".join(f'<li><a href="/{p.id}/">{escape(p.title)}</a></li>' for p in others[3:7])
        related = f"<div{self.name('related')}><b>{self.house.related}</b><ul>{links}</ul></div>"
        chance = Random(story.post.id)
        said = "".join(
            f"<div{self.name('reader')}><i>{chance.choice(AUTHORS)}</i><p>{text} "
            f"{escape(chance.choice(others).lead)}</p></div>"
            for text in chance.sample(READERS, chance.choice((0, 0, 1, 3)))
        )
        form = "".join(f"<label>{word}</label><input>" for word in self.house.fields)
        return (
            f"<div{self.name('tags')}>{tags}</div>"
            f"{'' if self.boxed_author else self._author(story.post)}{related}"
            f"<div{self.name('readers')}>{said}</div><div{self.name('form')}><b>{self.house.ask}</b>"
            f"<form action='/x'>{form}<button>{self.house.send}</button></form></div>"
        )

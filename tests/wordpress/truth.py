"""What the bed's WordPress publishes and hides, as a reader would see it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass
class Post:
    """A published post; what an archive should say of it.

    `paragraphs` are lead, paragraphs, subheads, quotes and list items in page
    order, plain text with white space folded; quotes and dashes are already
    curled by WordPress. `extras` (table cells, captions) may be in a clean
    text, `junk` must not. A protected post has no paragraphs for the public.
    """

    id: int
    type: str
    url: str
    title: str
    author: str
    categories: list[str]
    tags: list[str]
    date_gmt: str
    modified_gmt: str
    lead: str
    paragraphs: list[str]
    extras: list[str]
    junk: list[str]
    end_marker: str | None
    source: str | None
    image: str | None  # the featured one
    comments: int
    protected: bool
    sticky: bool
    shape: str
    spelling: str
    lead_in_excerpt: bool
    on_first_page: int  # so many paragraphs stand at `url`; the rest at `url`2/


@dataclass
class Hidden:
    """Something that is not an article for the public, and the word that would give it away.

    kind: draft, private, pending, future, password, page or attachment.
    """

    id: int
    kind: str
    url: str
    title: str
    secret: str


@dataclass
class Truth:
    """Both lists, and the file they are kept in between two runs of the bed."""

    posts: list[Post]
    hidden: list[Hidden]

    def save(self, path: Path) -> None:
        lists = {
            "posts": [asdict(post) for post in self.posts],
            "hidden": [asdict(entry) for entry in self.hidden],
        }
        path.write_text(json.dumps(lists, ensure_ascii=False, indent=1), "utf-8")

    @classmethod
    def load(cls, path: Path) -> "Truth":
        lists: dict[str, list[dict[str, Any]]] = json.loads(path.read_text("utf-8"))
        return cls(
            [Post(**post) for post in lists["posts"]],
            [Hidden(**entry) for entry in lists["hidden"]],
        )

"""Which post gets which shape, spelling, date and company, so that every trap is in the bed.

The divisors are small primes on purpose: the traits meet in many combinations.
`images` are attachment IDs and their addresses.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from .articles import Article, article, news, seed_article
from .shapes import content

SHAPES = ("classic", "blocks", "word", "br", "entity", "blocks", "classic")
SPELLINGS = ("plain", "plain", "arabic", "plain", "blank", "latin", "plain", "plain")
PARTS = {  # a part is in every n-th post
    "quote": 3,
    "end": 4,
    "list": 5,
    "source": 6,
    "table": 11,
    "gallery": 13,
    "more": 17,
    "short": 19,
    "typed": 7,
    "page": 107,
}
AUTHORS = {
    "tahririeh": ("تحریریه نمونه‌شهر", "تحریریه نمونه‌شهر هر بامداد از ساعت پنج بیدار است."),
    "negar": ("نگار سپیدرود", "نگار سپیدرود سال‌هاست درباره شهر و مردمش می‌نویسد."),
    "kaveh": ("کاوه دشت‌نورد", "کاوه دشت‌نورد از کوه که برمی‌گردد گزارش می‌نویسد."),
    "miz": ("میز ورزش", "میز ورزش نمونه‌شهر نتیجه‌ها را از کنار زمین می‌فرستد."),
}
FIRST = datetime(2022, 6, 1, 6, 30)  # Iran still had summer time then
LAST = datetime(2025, 12, 31, 20, 0)
FAR = datetime(2099, 1, 1, 8, 0)
CROWDED = 130  # comments of one post: more than its address shows at once
NTH_CROWDED = 42
PROTECTED = (33, 133)
STICKY = (14, 140, 240)
PASSWORD = "bed"


@dataclass
class Typed:
    """A post as typed into WordPress: the newsdesk's command, and the words behind it."""

    command: dict[str, Any]
    article: Article
    shape: str
    spelling: str
    lead_in_excerpt: bool = False
    secret: str | None = None
    kind: str = "post"
    texts: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.texts = {
            "paragraphs": self.article.paragraphs(),
            "extras": self.article.extras(),
        }


def typed(number: int, moment: datetime, images: dict[int, str], kind: str = "post") -> Typed:
    """Post number so-and-so, with every trait its number gives it."""
    parts = frozenset(part for part, nth in PARTS.items() if number % nth == nth - 1)
    spelling = SPELLINGS[number // len(SHAPES) % len(SPELLINGS)]
    shape = SHAPES[number % len(SHAPES)]
    told = article(number, parts).spelled(spelling)
    in_excerpt = number % 9 == 4 and bool(told.blocks)
    repeated = number % 23 == 10
    command = {
        "do": "post",
        "type": kind,
        "title": told.title,
        "content": content(told, shape, list(images.values()), lead=not in_excerpt),
        "excerpt": told.lead if in_excerpt or repeated else "",
        "date": _local(moment),
        "modified": _local(moment + timedelta(hours=30 if number % 10 == 7 else 0)),
        "slug": f"news-{number}" if number % 9 == 2 else "",
        "author": list(AUTHORS)[number % len(AUTHORS)],
        "categories": _categories(number, told),
        "tags": list(told.tags),
        "sticky": number in STICKY,
        "comments": _comments(number, moment),
    }
    if number % 8 == 3:
        command["thumbnail"] = list(images)[number % len(images)]
    return Typed(command, told, shape, spelling, lead_in_excerpt=in_excerpt)


def seed(images: dict[int, str]) -> Typed:
    """The seed case, youngest of all, with a comment or two."""
    told = seed_article()
    post = typed(0, LAST, images)
    post.command |= {
        "title": told.title,
        "content": content(told, "classic", list(images.values())),
        "excerpt": "",
        "tags": list(told.tags),
        "comments": _comments(1, LAST),
    }
    return Typed(post.command, told, "seed", "plain")


def published(count: int, images: dict[int, str]) -> list[Typed]:
    """`count` published posts, the seed case last; every other eight share one second."""
    step = (LAST - FIRST) / (count + 1)
    posts = []
    for number in range(1, count):
        eights, rest = divmod(number, 8)
        shown = number - rest if eights % 2 else number
        post = typed(number, FIRST + step * shown, images)
        if number in PROTECTED:
            post.command["password"] = PASSWORD
            hide(post, "password", number)
        posts.append(post)
    return [*posts, seed(images)]


def reports(count: int, images: dict[int, str]) -> list[Typed]:
    """News under the custom post type gozaresh."""
    step = (LAST - FIRST) / (count + 1)
    numbers = range(5_000, 5_000 + count)
    return [typed(n, FIRST + step * (n - 4_999), images, "gozaresh") for n in numbers]


def hidden(images: dict[int, str]) -> list[Typed]:
    """What an archive of articles must never hold, each with a secret word in it."""
    posts = []
    for offset, status in enumerate(["draft", "private", "pending", "future"] * 5):
        post = typed(9_000 + offset, FAR if status == "future" else LAST, images)
        post.command |= {"status": status, "sticky": False, "comments": []}
        posts.append(hide(post, status, 9_000 + offset))
    for number in range(9_100, 9_104):
        post = typed(number, FIRST, images)
        post.command |= {"type": "page", "categories": [], "tags": [], "comments": []}
        posts.append(hide(post, "page", number))
    return posts


def hide(post: Typed, kind: str, number: int) -> Typed:
    """Put a secret word into the body, and say why it is one."""
    post.kind, post.secret = kind, secret(number)
    post.command["content"] += f"\n\n<p>{post.secret}</p>"
    return post


def secret(number: int) -> str:
    return f"nahofteh{number:05d}"


def _categories(number: int, told: Article) -> list[str]:
    topics = [topic["slug"] for topic in news()["topic"]]
    second = topics[number // 2 % len(topics)]
    return [told.topic] if number % 4 or second == told.topic else [told.topic, second]


def _comments(number: int, moment: datetime) -> list[dict[str, Any]]:
    """None for most, a thread down to the fourth level for some, a crowd for one."""
    count = CROWDED if number == NTH_CROWDED else number % 6 + 2 if number % 6 == 1 else 0
    chance = Random(f"comments {number}")
    comments: list[dict[str, Any]] = []
    for place in range(count):
        comment = {
            "author": chance.choice(news()["commenters"]),
            "text": chance.choice(news()["remarks"]),
            "date": _local(moment + timedelta(minutes=7 * (place + 1))),
        }
        if place % 5:
            comment["parent"] = place - 1 if place % 5 < 4 else place - 4
        comments.append(comment)
    return comments


def _local(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")

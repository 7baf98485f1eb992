"""Writes the newsroom's posts: the same seed gives the same stories, no two of them alike."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from tests.newsroom import words
from tests.newsroom.post import Block, Layout, Post, slug_of
from tests.newsroom.words import Topic

NEWEST = datetime(2025, 11, 20, 9, 30, tzinfo=UTC)
"""When the last generated post was published."""

SAME_SECOND = range(40, 80)
"""Posts (counted from the oldest) that share one second, as an import makes them."""

LAYOUTS: tuple[Layout, ...] = ("classic", "blocks", "classic", "breaks", "entities")


def persian_digits(number: int) -> str:
    """
    >>> persian_digits(1402)
    '۱۴۰۲'
    """
    return str(number).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))


def write_posts(count: int, seed: int = 1) -> list[Post]:
    """``count`` published posts, oldest first; their IDs grow, with gaps."""
    random = Random(seed)
    slugs: set[str] = set()
    titles: set[str] = set()
    start = NEWEST - timedelta(minutes=47) * count
    posts: list[Post] = []
    number = 100
    for index in range(count):
        number += random.choice((1, 1, 2, 3, 5))
        place = SAME_SECOND.start if index in SAME_SECOND else index
        published = start + timedelta(minutes=47) * (place + 1)
        posts.append(write_post(random, number, published, slugs, titles))
    return posts


def write_post(
    random: Random, number: int, published: datetime, slugs: set[str], titles: set[str]
) -> Post:
    """One story; its slug and title differ from those given, and join them."""
    topic = random.choice(words.TOPICS)
    story = _Story(random, topic)
    title = story.say(words.TITLES)
    while title in titles:
        story = _Story(random, topic)
        title = story.say(words.TITLES)
    titles.add(title)
    latin = random.random() < 0.1
    slug = f"news-{number}" if latin else slug_of(title, slugs)
    edited = timedelta(minutes=random.randint(1, 600)) if random.random() < 0.3 else timedelta()
    return Post(
        id=number,
        title=title,
        slug=slug,
        lead=story.say(words.LEADS) if random.random() < 0.8 else "",
        body=tuple(story.body()),
        author=random.choice(words.AUTHORS),
        categories=(topic.name,),
        tags=tuple(random.sample(topic.tags, random.randint(1, 3))),
        published=published,
        modified=published + edited,
        source=story.agency if random.random() < 0.7 else None,
        end_marker=random.choice(words.END_MARKERS) if random.random() < 0.6 else None,
        layout=random.choice(LAYOUTS),
        lead_outside=random.random() < 0.3,
        comments=tuple(
            zip(
                random.sample(words.READER_NAMES, 2),
                random.sample(words.READERS, 2),
                strict=True,
            )
            if random.random() < 0.25
            else ()
        ),
    )


class _Story:
    """One story's facts: the sentences of a story speak of the same thing in the same place."""

    def __init__(self, random: Random, topic: Topic) -> None:
        self._random = random
        self._said: set[str] = set()
        self.agency = random.choice(words.AGENCIES)
        self._facts = {
            "thing": random.choice(topic.things),
            "actor": random.choice(topic.actors),
            "concern": random.choice(topic.concerns),
            "group": random.choice(topic.groups),
            "place": random.choice(words.PLACES),
            "agency": self.agency,
        }

    def say(self, templates: tuple[str, ...]) -> str:
        """One of ``templates`` not used in this story yet, filled in."""
        template = self._random.choice([t for t in templates if t not in self._said])
        self._said.add(template)
        few = self._random.randint(12, 480)
        return template.format(
            **self._facts,
            month=self._random.choice(words.MONTHS),
            weekday=self._random.choice(words.WEEKDAYS),
            ordinal=self._random.choice(words.ORDINALS),
            n=persian_digits(few),
            m=persian_digits(few + self._random.randint(5, 500)),
            percent=persian_digits(self._random.randint(11, 93)),
            years=persian_digits(self._random.randint(4, 35)),
        )

    def body(self) -> Iterator[Block]:
        """Agency opening, paragraphs, quotes; in some a subhead, a quotation, a list."""
        yield Block("p", f"{self.say(words.OPENINGS)} {self._sentences(1)}")
        for _ in range(self._random.randint(1, 3)):
            yield Block("p", self._sentences(self._random.randint(2, 3)))
        yield Block("p", self.say(words.QUOTES))
        if self._random.random() < 0.4:
            yield Block("blockquote", self.say(words.BLOCKQUOTES))
        if self._random.random() < 0.5:
            yield Block("h2", self.say(words.SUBHEADS))
            yield Block("p", self._sentences(self._random.randint(2, 4)))
        if self._random.random() < 0.3:
            for _ in range(3):
                yield Block("li", self.say(words.ITEMS))
        yield Block("p", f"{self.say(words.QUOTES)} {self._sentences(1)}")

    def _sentences(self, count: int) -> str:
        return " ".join(self.say(words.SENTENCES) for _ in range(count))

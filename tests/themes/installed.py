"""A nameless theme for a real WordPress: what a seed makes of tests/wordpress/php/nameless.

With a `parent` it does not lay pages out itself: it takes one of WordPress's own themes and gives
its classes and IDs new names, as build tools do.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from tests.themes.house import House

PHP = Path(__file__).parent.parent / "wordpress" / "php" / "nameless"
FACTS = ("date", "author", "code")
AMID = ("advert", "share", "aside")
AFTER = ("share", "tags", "about", "advert", "related", "readers", "form", "neighbours")


@dataclass(frozen=True)
class InstalledTheme:
    """The theme of a seed: its house, and its plan for PHP.

    With `plugins` the bed's own plugins, whose names are known, stand in the text as well.
    """

    seed: int
    parent: str = ""
    plugins: bool = False

    @property
    def name(self) -> str:
        """What WordPress knows it by."""
        return f"nameless-{self.seed}"

    @property
    def house(self) -> House:
        return House(self.seed)

    def install(self, bed: Path) -> str:
        """Write it into the folder of a bed; return its name."""
        folder = bed / "themes" / self.name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        head = f"Theme Name: {self.name}"
        head += f"\nTemplate: {self.parent}" if self.parent else ""
        (folder / "style.css").write_text(f"/*\n{head}\n*/\n")
        (folder / "plan.json").write_text(json.dumps(self.plan(), ensure_ascii=False), "utf-8")
        for name in (
            ("functions.php",) if self.parent else ("functions.php", "parts.php", "index.php")
        ):
            shutil.copyfile(PHP / name, folder / name)
        return self.name

    def plan(self) -> dict[str, Any]:
        """What the seed chooses."""
        chance = Random(f"installed {self.seed}")
        house = self.house
        facts = chance.sample(FACTS, len(FACTS))
        after = chance.sample(AFTER, len(AFTER))
        below = [part for part in after if part in ("share", "about", "advert", "tags")]
        below = chance.sample(below, chance.randint(0, 2))
        between = chance.sample(AMID, chance.choice((0, 0, 1, 2)))
        after = [part for part in after if part not in between]
        below = [part for part in below if part not in between]
        above = ["house_line"] if chance.random() < 0.3 else []
        head = [["headline", *facts], [*facts[:1], "headline", *facts[1:]]][chance.randrange(2)]
        picture = chance.choice((["picture", "lead"], ["lead", "picture"]))
        story = ["crumb", *head, *picture, "text", "pages"]
        return {
            "seed": self.seed,
            "house": house.name,
            "story": [*story, *(part for part in after if part not in below)],
            "bare": chance.random() < 0.2,
            "between": between,
            "above": above,
            "below": below,
            "depth": chance.randint(0, 4),
            "inner": chance.randint(0, 2),
            "headline": chance.choice(("h1", "h1", "h2", "div")),
            "date_tag": chance.choice(("time", "span", "div")),
            "schema": chance.choice(("og", "json", "none")),
            "body_class": chance.random() < 0.5,
            "in_rest": chance.random() < 0.7,
            "unnamed": ["text", "share", "form"] if chance.random() < 0.25 else [],
            "plugins": self.plugins,
            "renamed": bool(self.parent),
            "first": house.first,
            "amid": house.amid,
            "last": house.last,
            "share": house.share_label,
            "related": house.related,
            "ask": house.ask,
            "send": house.send,
            "fields": house.fields,
            "menu": house.menu,
            "rights": house.rights,
            "aside": house.aside,
            "code": house.code,
            "more": house.more,
            "adverts": house.adverts,
            "advert": house.advert,
        }

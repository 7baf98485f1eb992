"""Boilerplate: what pieces there are, which a page gets, and the strings that give them away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

import lxml.html

PIECES = Path(__file__).parent / "pieces"
HEAD = re.compile(r"^<!-- piece (\S+): .*?; ([a-z ]+?)(; sealed)? -->\n", re.M)
SILENT = frozenset({"script", "style", "head"})
SHORTEST = 8  # a shorter string («چاپ», «ایمیل») may well be a word of an article


@dataclass(frozen=True)
class Piece:
    """One piece of boilerplate, and the places it may stand in (php/mu-plugins/pieces.php)."""

    name: str
    places: tuple[str, ...]
    sealed: bool
    html: str


def catalogue() -> dict[str, Piece]:
    """Every piece of pieces/*.html by name; those marked sealed are on sealed pages only."""
    found = {}
    for file in sorted(PIECES.glob("*.html")):
        _, *parts = HEAD.split(file.read_text("utf-8"))
        for name, places, sealed, html in zip(*(parts[n::4] for n in range(4)), strict=True):
            found[name] = Piece(name, tuple(places.split()), bool(sealed), html)
    return found


def deal(names: Iterable[str], sealed: bool, each: int = 8) -> dict[str, dict[str, list[str]]]:
    """Places and pieces for every page: all kinds in turn, in an order that looks like chance."""
    chance = Random(f"gold {sealed}")
    pieces = [piece for piece in catalogue().values() if sealed or not piece.sealed]
    deck: list[Piece] = []
    dealt = {}
    for name in names:
        places: dict[str, list[str]] = {}
        for _ in range(each):
            if not deck:
                deck = chance.sample(pieces, len(pieces))
            piece = deck.pop()
            places.setdefault(chance.choice(piece.places), []).append(piece.name)
        dealt[name] = places
    return dealt


def strings(html: str, fillings: Mapping[str, str]) -> Iterator[str]:
    """The texts of a piece as they are shown; those with a {placeholder} left are not told."""
    for key, text in fillings.items():
        html = html.replace(f"{{{key}}}", text)
    for element in lxml.html.fromstring(f"<div>{html}</div>").iter():
        own = "" if element.tag in SILENT else element.text or ""
        for text in (own, element.tail or ""):
            words = " ".join(text.split())
            if len(words) >= SHORTEST and "{" not in words:
                yield words

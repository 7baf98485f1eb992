"""What a person searches for: words, phrases, prefixes, AND, OR, NOT and brackets.

>>> read_query('باران OR "سیل بهاری"').expression()
'("باران" OR {title body} : "سیل بهاری")'

    باران سیل           both words                  سیل NOT زلزله       without the second
    باران OR سیل        one of them                 کتاب*               words that begin so
    "سیل بهاری"         in this order, also «…»     (باران OR سیل) خسارت

NOT binds closest, then AND (or nothing between two words), then OR. Operators are capitals. A word
stands for all of its spellings (archive.select.spellings). The expression is one of SQLite's FTS5
(https://sqlite.org/fts5.html, section 3); in it `title` and `body` have all words of a text, and
`parts` the parts of those with a half-space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import NamedTuple

from archive.errors import UsageError
from archive.select.spellings import belong, grouped, spellings
from archive.text.words import marked_words

_TOKEN = re.compile(
    r"""\s*(?:(?P<bracket>[()])|(?P<open>["«“”„])|(?P<word>[^\s()"«»“”„]+)|(?P<odd>\S))"""
)
_CLOSING = {'"': '"', "«": "»", "“": "”„", "”": "”“", "„": "“”"}
_OPERATORS = ("AND", "OR", "NOT")
_MOST_SPELLINGS = 256
_DEEPEST = 50
_MOST_WORDS = 100


class Spelling(NamedTuple):
    """Words that stand one behind the other; with `prefix` the last is the beginning of one."""

    words: tuple[str, ...]
    prefix: bool

    def expression(self) -> str:
        """As FTS5 reads it: one word is looked for among parts, too."""
        column = "" if len(self.words) == 1 else "{title body} : "
        return f'{column}"{" ".join(self.words)}"{" *" if self.prefix else ""}'


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or a phrase of several; `words` as in `marked_words`."""

    words: tuple[str, ...]
    prefix: bool = False

    def spellings(self) -> list[Spelling]:
        """Every way in which this may be spelt."""
        found = [spellings(word) for word in self.words]
        if prod(map(len, found)) > _MOST_SPELLINGS:
            raise UsageError(
                "this phrase is too long: its words can be spelt in more than"
                f" {_MOST_SPELLINGS} ways. Search for a shorter one."
            )
        joined = (sum(spelt, ()) for spelt in product(*found))
        return [Spelling(words, self.prefix) for words in dict.fromkeys(joined)]

    def expression(self) -> str:
        """As FTS5 reads it."""
        return _any(spelling.expression() for spelling in self.spellings())

    def sought(self) -> Iterator[Spelling]:
        """What a text is shown for."""
        yield from self.spellings()


@dataclass(frozen=True, slots=True)
class Every:
    """All of these."""

    terms: tuple[Query, ...]

    def expression(self) -> str:
        """As FTS5 reads it."""
        return f"({' AND '.join(term.expression() for term in self.terms)})"

    def sought(self) -> Iterator[Spelling]:
        """What a text is shown for."""
        for term in self.terms:
            yield from term.sought()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of these at least."""

    terms: tuple[Query, ...]

    def expression(self) -> str:
        """As FTS5 reads it."""
        return _any(term.expression() for term in self.terms)

    def sought(self) -> Iterator[Spelling]:
        """What a text is shown for."""
        for term in self.terms:
            yield from term.sought()


@dataclass(frozen=True, slots=True)
class Without:
    """The one, but not where the other is."""

    term: Query
    other: Query

    def expression(self) -> str:
        """As FTS5 reads it."""
        return f"({self.term.expression()} NOT {self.other.expression()})"

    def sought(self) -> Iterator[Spelling]:
        """What a text is shown for."""
        yield from self.term.sought()


Query = Term | Every | AnyOf | Without


def read_query(text: str) -> Query:
    """The query in `text`; UsageError, with the place of the mistake, if it is none."""
    return _QueryReader(text).read()


def _any(expressions: Iterator[str]) -> str:
    found = list(expressions)
    return found[0] if len(found) == 1 else f"({' OR '.join(found)})"


class _Token(NamedTuple):
    kind: str
    text: str
    place: int


class _QueryReader:
    """Reads one query, token by token."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(self._split())
        self._next = 0
        self._depth = 0

    def read(self) -> Query:
        if not self._tokens:
            raise UsageError("no word to search for. Write one: baygan search باران")
        if sum(token.kind != "bracket" for token in self._tokens) > _MOST_WORDS:
            raise UsageError(f"a search has {_MOST_WORDS} words at most. Leave some out.")
        found = self._any()
        if token := self._peek():
            raise self._mistake("nothing opened this bracket", token)
        return found

    def _split(self) -> Iterator[_Token]:
        place = 0
        while found := _TOKEN.match(self._text, place):
            kind = found.lastgroup or ""
            token = _Token(kind, found[kind], found.start(kind))
            place = found.end()
            if kind == "odd":
                raise self._mistake("nothing opened this quotation", token)
            if kind == "open":
                ends = [self._text.find(mark, place) for mark in _CLOSING[token.text]]
                if not (ends := [end for end in ends if end >= 0]):
                    raise self._mistake("this quotation does not end", token)
                token = _Token("phrase", self._text[place : min(ends)], token.place)
                place = min(ends) + 1
                if self._text[place : place + 1] == "*":
                    token, place = token._replace(text=f"{token.text}*"), place + 1
            elif kind == "word" and token.text in _OPERATORS:
                token = token._replace(kind=token.text)
            elif kind == "word" and not marked_words(token.text):
                if "*" in token.text:
                    raise self._mistake("a * stands behind the beginning of a word", token)
                continue  # a dash or a comma that was pasted with the words
            yield token

    def _any(self) -> Query:
        terms = [self._every()]
        while self._take("OR"):
            terms.append(self._every())
        return terms[0] if len(terms) == 1 else AnyOf(tuple(terms))

    def _every(self) -> Query:
        terms = self._without()
        while (token := self._peek()) and token.kind != "OR" and token.text != ")":
            self._take("AND")
            terms += self._without()
        return terms[0] if len(terms) == 1 else Every(tuple(terms))

    def _without(self) -> list[Query]:
        """What stands between two ANDs: a row of words, or one thing and what it is without."""
        terms = self._row()
        while self._take("NOT"):
            other = self._row(most=1)
            terms[-1] = Without(terms[-1], other[0])
        return terms

    def _row(self, most: int | None = None) -> list[Query]:
        token = self._peek()
        if token is None or token.kind in _OPERATORS or token.text == ")":
            raise self._nothing(token)
        if token.kind == "bracket":
            return [self._bracket()]
        if token.kind == "phrase":
            self._next += 1
            return [self._phrase(token)]
        return self._words(most)

    def _bracket(self) -> Query:
        begin = self._tokens[self._next]
        self._next += 1
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._mistake("too many brackets in each other", begin)
        found = self._any()
        token = self._peek()
        if token is None:
            raise self._mistake("this bracket does not end", begin)
        self._next += 1
        self._depth -= 1
        return found

    def _phrase(self, token: _Token) -> Term:
        text = token.text.rstrip()
        prefix = text.endswith("*")
        words = grouped(marked_words(text))
        if not words or "*" in text.rstrip("*"):
            raise self._mistake(
                "a * stands at the end of a phrase" if words else "there is no word in it", token
            )
        return Term(tuple(words), prefix)

    def _words(self, most: int | None) -> list[Query]:
        """Words with nothing between them: each is a term, but a prefix or suffix that stands
        alone belongs to its neighbour."""
        found: list[Term] = []
        while (token := self._peek()) and token.kind == "word":
            words = tuple(marked_words(token.text))
            prefix = token.text.endswith("*")
            if "*" in token.text.rstrip("*"):
                raise self._mistake("a * stands behind the beginning of a word", token)
            last = found[-1] if found and not found[-1].prefix else None
            if last and len(words) == len(last.words) == 1 and belong(last.words[0], words[0]):
                found[-1] = Term((f"{last.words[0]}_{words[0]}",), prefix)
            elif most and len(found) == most:
                break
            else:
                found.append(Term(words, prefix))
            self._next += 1
        return list[Query](found)

    def _peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _take(self, kind: str) -> bool:
        token = self._peek()
        if token is None or token.kind != kind:
            return False
        self._next += 1
        return True

    def _nothing(self, token: _Token | None) -> UsageError:
        before = self._tokens[self._next - 1] if self._next else None
        if token is None and before is not None:
            return self._mistake(f"nothing stands behind {before.text}", before)
        assert token is not None
        if token.text == ")":
            return self._mistake("nothing stands before this bracket", token)
        return self._mistake(
            f"{token.text} stands between two words; write it in small letters, or in quotation"
            " marks, if it is a word that you search for",
            token,
        )

    def _mistake(self, what: str, token: _Token) -> UsageError:
        begin = self._text[token.place : token.place + 20]
        return UsageError(
            f"cannot read the search at character {token.place + 1}, '{begin}': {what}."
        )

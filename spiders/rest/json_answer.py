"""JSON as sites answer it: also behind a PHP notice, and before what a cache or a theme writes
under it.

A site that shows PHP's errors puts them before the JSON, with every status and every
Content-Type. A whole web page is no such answer, whatever JSON stands in it.
"""

from __future__ import annotations

import json
import re
from typing import Any

from scrapy.http import Response

from archive.text.numbers import number_of
from spiders.sources.steps import aside

_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]", re.I)
_BEGIN = re.compile(r"[{\[]")
# What has been read as JSON so far, in characters, before it broke, was JSON and is damaged.
_CLEARLY_JSON = 64
# So many brackets are tried: a hundred notices have fewer, and each costs Python a look through
# the text before it.
_TRIES = 500


async def read_json(response: Response) -> Any:
    """As `json_of`; a large body is read in a thread, for it may take a second."""
    return await aside(json_of, response.body)


def json_of(body: bytes) -> Any:
    """The body as JSON; None if it is none (a challenge page), or was cut in the middle.

    Numbers that no database holds, and those that JSON does not have (NaN), are None in it.
    """
    # A byte order mark is no part of JSON (RFC 8259, 8.1), but occurs.
    text = body.decode(json.detect_encoding(body), "replace").lstrip("\ufeff \t\r\n")
    try:
        return _DECODER.decode(text)
    except RecursionError:
        return None
    except ValueError:
        return None if _PAGE.search(body[:1024]) else _inside(text.rstrip())


def _inside(text: str) -> Any:
    """The longest object or list of objects in `text`; None if there is none.

    Where reading breaks off, little was read, or it was JSON and is damaged: the whole costs
    about as much as reading the text once.
    """
    best: Any = None
    longest = place = 0
    for _ in range(_TRIES):
        begin = _BEGIN.search(text, place)
        if begin is None:
            break
        start = begin.start()
        try:
            value, place = _DECODER.raw_decode(text, start)
        except RecursionError:
            return None
        except json.JSONDecodeError as error:
            if error.pos - start > _CLEARLY_JSON:
                return None
            place = start + 1
            continue
        is_all = start == 0 or place == len(text)
        if place - start > longest and _is_an_answer(value, is_all):
            best, longest = value, place - start
    return best


def _is_an_answer(value: Any, is_all: bool) -> bool:
    """Whether REST answers so. A notice may quote `[]` or `[0]`; an empty listing stands at one
    end of the body."""
    if isinstance(value, list) and value:
        return all(isinstance(entry, dict) for entry in value)
    return bool(value) or is_all


_DECODER = json.JSONDecoder(parse_int=number_of, parse_constant=lambda name: None)

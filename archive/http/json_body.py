"""Reads JSON as sites really send it: after a PHP notice, or before text that a cache or a theme
adds.

A site that shows PHP's errors writes them before the JSON, with any status and any Content-Type. A
whole web page is no such answer, even if there is JSON in it.
"""

from __future__ import annotations

import json
import re
from typing import Any

from archive.text.numbers import number_of

_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]", re.I)
_BEGIN = re.compile(r"[{\[]")
# If so many characters could be read as JSON before an error, it is JSON that is damaged.
_CLEARLY_JSON = 64
# The most brackets that are tried as the beginning: a hundred notices have fewer. For each one
# Python looks through the text before it.
_TRIES = 500


def json_of(body: bytes) -> Any:
    """An answer's `body` as JSON; None if it is no JSON (a challenge page, say) or was cut in the
    middle.

    Numbers that are too large for a database, and those that JSON does not have (NaN), become
    None.
    """
    # JSON must not begin with a byte order mark (RFC 8259, 8.1), but some does.
    text = body.decode(json.detect_encoding(body), "replace").lstrip("\ufeff \t\r\n")
    try:
        return _DECODER.decode(text)
    except RecursionError:
        return None
    except ValueError:
        return None if _PAGE.search(body[:1024]) else _inside(text.rstrip())


def _inside(text: str) -> Any:
    """The longest object or list of objects in `text`; None if there is none.

    An attempt that fails has read little, or ends the search because the JSON is damaged. So this
    takes about as long as reading the text once.
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
    """Whether `value` looks like an answer of REST. A notice may contain `[]` or `[0]`; a real
    empty listing is at the beginning or the end of the body."""
    if isinstance(value, list) and value:
        return all(isinstance(entry, dict) for entry in value)
    return bool(value) or is_all


_DECODER = json.JSONDecoder(parse_int=number_of, parse_constant=lambda name: None)

"""What an answer of the REST API tells beside its posts: the total, its place in the archive, and
why it lists nothing."""

from __future__ import annotations

import logging
import re
from typing import Any

from scrapy.http import Response

from archive.http.json_body import json_of
from archive.record_place import RecordPlace
from archive.text.numbers import number_of
from spiders.fetch_options import capture_of
from spiders.rest.listing.partial_listing import PageFailed, RestClosed, RestRefuses
from spiders.sources.steps import TooHeavy, aside

logger = logging.getLogger("baygan")
# Of a 4xx these may pass: the request came at a bad time.
_NOT_NOW = (408, 425, 429)
# The parameters for which a smaller page may have values that the site takes.
_SIZE = {"per_page", "page", "offset"}
_CODE = re.compile(r"\w{1,80}", re.ASCII)


async def read_json(response: Response) -> Any:
    """The body as JSON (`json_of`), read beside the loop if it is large. None also for one that
    cannot be read within the limits: a smaller page may be."""
    try:
        return await aside(json_of, response.body)
    except TooHeavy as error:
        logger.warning("%s was not read: %s", response.url, error)
        return None


def code_of(answer: object) -> str | None:
    """The `code` of an answer in which REST says no."""
    code = answer.get("code") if isinstance(answer, dict) else None
    return code if isinstance(code, str) else None


def total_of(response: Response) -> int | None:
    """X-WP-Total; None if it is missing or no number, or told twice and differently."""
    values = response.headers.getlist("X-WP-Total")
    told = {part.strip() for value in values for part in value.decode("latin-1").split(",")}
    total = number_of(told.pop()) if len(told) == 1 else None
    return total if total is not None and total >= 0 else None


def place_of(response: Response) -> RecordPlace:
    """Where the answer is stored."""
    capture = capture_of(response)
    return RecordPlace(capture.file, capture.offset, capture.length)


def refusal(response: Response, answer: object) -> RestClosed:
    """What an answer that lists nothing means: PageFailed if a smaller page may be listed."""
    code = code_of(answer)
    says = code if code and _CODE.fullmatch(code) else "no JSON" if answer is None else "no code"
    is_json = b"json" in (response.headers.get("Content-Type") or b"")
    # A 200 that is JSON by its header alone was ended by an error in the middle.
    failed = response.status >= 500 or (code == "rest_invalid_param" and _is_of_size(answer))
    failed = failed or (response.status == 200 and answer is None and is_json)
    refused = 400 <= response.status < 500 and response.status not in _NOT_NOW
    kind = PageFailed if failed else RestRefuses if refused else RestClosed
    told = f"{response.status} ({says})"
    return kind(f"{response.url} answers {told}", told, code)


def _is_of_size(answer: Any) -> bool:
    """Whether the parameter that the site does not take may be the size of the page."""
    data = answer.get("data")
    params = data.get("params") if isinstance(data, dict) else None
    return not isinstance(params, dict) or not params or not _SIZE.isdisjoint(params)

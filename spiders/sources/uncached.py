"""Fetches listings as they are now: a cache or a CDN may send old ones.

LiteSpeed's cache stores answers of REST by default, and CDNs may store anything. WordPress ignores
unknown query parameters, so an address with a parameter of this run's own is in no cache.
"""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import Any

from scrapy.http import Response

from archive.errors import Unreachable
from archive.text.numbers import number_of
from spiders.fetch import Fetch

logger = logging.getLogger(__name__)
FRESH = timedelta(minutes=10)
_SECONDS = re.compile(rb"[0-9]+")


class Uncached:
    """A `Fetch` for listings. After the first answer from a cache, that listing and all later ones
    are asked for with a parameter that has the ID of this `run`.

    If the site does not answer such addresses it is asked without the parameter.
    """

    def __init__(self, fetch: Fetch, run: str) -> None:
        self._fetch = fetch
        self._parameter = f"_={run}"
        self._past_the_cache = False
        self._refused = False

    async def __call__(self, url: str, **how: Any) -> Response:
        """The answer for `url`, not from a cache if possible; Unreachable if there is none."""
        if self._past_the_cache:
            return await self._fetch(self._own(url), **how)
        response = await self._fetch(url, **how)
        if not _from_a_cache(response) or self._refused:
            return response
        logger.info("%s comes from a cache; listings are asked for past it", url)
        try:
            younger = await self._fetch(self._own(url), **how)
        except Unreachable:
            younger = response.replace(status=503)
        if younger.status >= 400 > response.status:
            self._refused = True
            return response
        self._past_the_cache = True
        return younger

    def _own(self, url: str) -> str:
        return f"{url}{'&' if '?' in url else '?'}{self._parameter}"


def _from_a_cache(response: Response) -> bool:
    """Whether the answer says that it is from a cache, by X-Cache, LiteSpeed's header or Age
    (RFC 9111)."""
    told = (response.headers.get(name) or b"" for name in ("X-LiteSpeed-Cache", "X-Cache"))
    if any(value.strip().lower().startswith(b"hit") for value in told):
        return True
    age = _SECONDS.fullmatch((response.headers.get("Age") or b"").strip())
    # What has more digits than a number may have is old.
    seconds = number_of(age[0].decode()) if age else 0
    return seconds is None or seconds > FRESH.total_seconds()

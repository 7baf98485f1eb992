"""Pings a health check: a service that sends a mail when a cron job does not report.

The addresses are those of healthchecks.io (https://healthchecks.io/docs/http_api/), which other
services know, too: `…/start` when the job begins, the address itself when all is well, `…/fail`
when something is wrong. The body of a ping is shown beside it.
"""

from __future__ import annotations

import logging
from enum import StrEnum
from urllib.parse import urlsplit, urlunsplit

_BODY = 10_000
"""Bytes of a body that the service keeps; it asks for no more than 100 kB."""


class Ping(StrEnum):
    """What a ping says, and what is added to the path of the address for it."""

    START = "/start"
    SUCCESS = ""
    FAIL = "/fail"


def address_of(healthcheck: str, ping: Ping) -> str:
    """The address to ping.

    >>> address_of("https://checks.example/9f2c?create=1", Ping.FAIL)
    'https://checks.example/9f2c/fail?create=1'
    """
    parts = urlsplit(healthcheck)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + ping))


def send(healthcheck: str, ping: Ping, body: str, seconds: float, tries: int) -> str | None:
    """Ping the check at `healthcheck`, at most `tries` times with at most `seconds` for each.

    Returns None if it was taken, else why not. The address is a secret: it is in no log, and not
    in what is returned.
    """
    import urllib3

    # Its warnings name the path of the address.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    retries = urllib3.Retry(total=tries - 1, backoff_factor=0.5, raise_on_status=False)
    try:
        with urllib3.PoolManager(timeout=seconds, retries=retries) as pool:
            answer = pool.request(
                "POST", address_of(healthcheck, ping), body=body.encode()[-_BODY:]
            )
    except (urllib3.exceptions.HTTPError, OSError) as error:
        cause = getattr(error, "reason", None) or error
        return type(cause).__name__
    return None if 200 <= answer.status < 300 else f"it answered {answer.status}"

"""The machine: its locale, time zones, open files, network, and what cron would see."""

from __future__ import annotations

import resource
import shutil
import socket
import sys
from collections.abc import Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scraper.doctor.diagnosis import Diagnosis, Health, judged
from scraper.open_files import needed, sites_at_once

_CRON_PATH = "/usr/bin:/bin"
"""Where cron looks for programs (crontab(5))."""
# Addresses for documentation (RFC 5737, RFC 3849): nothing is sent, only a route is looked for.
_NOWHERE = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}


def findings(sites: int) -> Iterator[Diagnosis]:
    """What was found; `sites` is how many sites a crawl would open at once."""
    yield _locale()
    yield _zones()
    yield _open_files(sites)
    yield _routes()
    yield _cron()


def _locale() -> Diagnosis:
    used = {sys.getfilesystemencoding(), sys.stdout.encoding or ""}
    names = {name.lower().replace("-", "") for name in used}
    return judged(
        "locale",
        names <= {"utf8", ""},
        ", ".join(sorted(filter(None, used))),
        "Set a locale with UTF-8: export LC_ALL=C.UTF-8",
        Health.LOOK,
    )


def _zones() -> Diagnosis:
    try:
        zone = str(ZoneInfo("Asia/Tehran"))
    except ZoneInfoNotFoundError:
        advice = "Install the time zones: pip install tzdata"
        return Diagnosis("time zones", Health.BAD, "Asia/Tehran is missing", advice)
    return Diagnosis("time zones", Health.FINE, zone)


def _open_files(sites: int) -> Diagnosis:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted, at_once = needed(sites), sites_at_once(hard)
    return judged(
        "open files",
        at_once >= sites,
        f"at most {hard}; {sites} sites need up to {wanted}",
        f"{at_once} sites are crawled at once, the others wait for their turn. For all at once"
        f" raise the hard limit, in /etc/security/limits.conf or by LimitNOFILE={wanted}.",
        Health.LOOK,
    )


def _routes() -> Diagnosis:
    names = {socket.AF_INET: "IPv4", socket.AF_INET6: "IPv6"}
    found = {name: _has_route(family) for family, name in names.items()}
    told = ", ".join(f"{name} {'yes' if there else 'no'}" for name, there in found.items())
    return judged(
        "network",
        any(found.values()),
        told,
        "There is no way out: is the network up?",
        Health.BAD,
    )


def _has_route(family: socket.AddressFamily) -> bool:
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            # A datagram socket that connects sends nothing.
            probe.connect((_NOWHERE[family], 53))
    except OSError:
        return False
    return True


def _cron() -> Diagnosis:
    seen = shutil.which("baygan", path=_CRON_PATH)
    here = shutil.which("baygan")
    return judged(
        "cron",
        seen is not None,
        seen or f"cron does not find baygan in {_CRON_PATH}",
        f"Write the whole path into the crontab: {here or 'where it is installed'}",
        Health.LOOK,
    )

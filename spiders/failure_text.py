"""The sentence for a download that gave no response: what happened, and what to do."""

from __future__ import annotations

from urllib.parse import urlsplit

from archive.outcomes import Reason

_NETWORK = "Is the address right, is the network up? Try again later."
_LATER = "Try again later."
# By reason: what happened, and what to type or do next.
_WORDS: dict[str, tuple[str, str]] = {
    Reason.NO_SUCH_HOST: ("{url} gave no answer ({reason})", _NETWORK),
    Reason.REFUSED_CONNECTION: ("{url} gave no answer ({reason})", _NETWORK),
    Reason.CONNECTION_FAILED: ("{url} gave no answer ({reason})", _NETWORK),
    Reason.TIMEOUT: ("{url} gave no answer ({reason})", _NETWORK),
    Reason.CUT: ("the answer of {url} is cut off", _LATER),
    Reason.CODING: ("the answer of {url} is packed in a way that cannot be unpacked", _LATER),
    Reason.TOO_LARGE: ("the answer of {url} has more than {size}, the most that is taken", ""),
    Reason.ROBOTS: ("the robots.txt of {host} does not allow {url}", "Ask the site to let us in."),
    Reason.NOT_ALLOWED: ("{url} is no address of this site", ""),
    Reason.ELSEWHERE: (
        "{url} leads to another site",
        "If that is the one you mean, use its address.",
    ),
    Reason.BAD_ADDRESS: ("{url} is no address that can be asked for", ""),
    Reason.BAD_REDIRECT: ("{url} leads to what is no address", "Look at it in a browser."),
    Reason.REDIRECT_LOOP: ("{url} leads to itself again and again", "Look at it in a browser."),
    Reason.TOO_MANY_REDIRECTS: ("{url} leads on and on without an end", "Look at it in a browser."),
    Reason.PROXY: ("the proxy does not let us through to {url}", "Look at proxy in sites.toml."),
    Reason.FAILED: ("{url} could not be read; see the log", _LATER),
}


def sentence(url: str, reason: str, limit: int) -> str:
    """What happened to `url`, by the stable word `reason`. `limit` is how many bytes its answer
    was allowed to have."""
    if reason.startswith("robots.txt-"):
        what = "the robots.txt of {host} cannot be read ({reason}), so nothing else is asked for"
        advice = _LATER
    else:
        what, advice = _WORDS.get(reason, ("{url} gave no answer ({reason})", _LATER))
    told = what.format(
        url=url,
        host=_host(url),
        reason=reason,
        size=f"{limit / (1 << 20):.3g} MiB",
    )
    return f"{told}. Nothing was changed. {advice}".rstrip()


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return url

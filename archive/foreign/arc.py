"""ARC files, the Internet Archive's format before WARC: a line, then the response.

    http://khabar.example/ 192.0.2.1 20061122003004 text/html 4172
    HTTP/1.1 200 OK …

After the format's description of 1996, versions 1 and 2; the latter has five more fields.
"""

from __future__ import annotations

import re

HEAD = re.compile(
    rb"(?P<uri>[a-zA-Z][a-zA-Z0-9+.-]{1,15}:[^\r\n]{0,16384}?) (?P<ip>\S{1,64}) (?P<date>\d{8,17})"
    rb" (?P<type>[^\s]{0,256})(?: [^\r\n]{0,1024})? (?P<length>\d{1,18})[ \t]*\r?\n"
)
"""The line before each record; its block has so many bytes as the last number says."""


def fields(head: bytes) -> tuple[tuple[str, str], ...]:
    """The fields that a WARC record with the same block would have."""
    found = HEAD.match(head)
    assert found
    named = {name: value.decode("utf-8", "replace") for name, value in found.groupdict().items()}
    about = named["uri"].startswith("filedesc:")
    return (
        ("WARC-Type", "warcinfo" if about else "response"),
        ("WARC-Target-URI", named["uri"]),
        ("WARC-IP-Address", named["ip"]),
        ("WARC-Date", named["date"]),
        ("Content-Type", named["type"]),
        ("Content-Length", named["length"]),
    )

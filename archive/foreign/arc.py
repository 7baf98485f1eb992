"""ARC files, the Internet Archive's format before WARC: a line, then the response for each record.

    http://khabar.example/ 192.0.2.1 20061122003004 text/html 4172
    HTTP/1.1 200 OK …

Versions 1 and 2 as the Internet Archive described them in 1996; version 2 has five more fields.
"""

from __future__ import annotations

import re

HEAD = re.compile(
    rb"(?P<uri>[a-zA-Z][a-zA-Z0-9+.-]{1,15}:[^\r\n]{0,16384}?) (?P<ip>\S{1,64}) (?P<date>\d{8,17})"
    rb" (?P<type>[^\s]{0,256})(?: [^\r\n]{0,1024})? (?P<length>\d{1,18})[ \t]*\r?\n"
)
"""The line before each record; its last number is the length of the block in bytes."""


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

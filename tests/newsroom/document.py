"""What the site has to say to one request, before a mood decides how it reaches the wire."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from gzip import compress
from typing import Any

from tests.newsroom.answer import Answer, Header


@dataclass
class Document:
    """A status, headers and a body; the compressed body is made once and kept."""

    body: bytes
    status: str = "200 OK"
    content_type: str = "text/html; charset=UTF-8"
    headers: tuple[Header, ...] = ()

    @classmethod
    def redirect(cls, location: str, status: str = "301 Moved Permanently") -> "Document":
        """A redirect as WordPress sends it, without a body."""
        headers = (("X-Redirect-By", "WordPress"), ("Location", location))
        return cls(b"", status, headers=headers)

    @cached_property
    def gzipped(self) -> bytes:
        return compress(self.body, 4, mtime=0)

    def answer(self, *, gzip: bool = False, headers: Iterable[Header] = (), **how: Any) -> Answer:
        """The answer that carries it; ``how`` are further arguments of `Answer.page`."""
        return Answer.page(
            self.gzipped if gzip else self.body,
            status=self.status,
            content_type=self.content_type,
            headers=(*self.headers, *headers),
            encoded=gzip,
            **how,
        )

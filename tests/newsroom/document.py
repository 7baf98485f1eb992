"""What the site has to say to one request, before a mood decides how it reaches the wire."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from gzip import compress, decompress
from typing import Any

from tests.newsroom.answer import Answer, Header


@dataclass
class Document:
    """A status, headers and a body; the compressed body is made once and kept.

    A `packed` document keeps the compressed body alone: a large site fits into memory.
    """

    content: bytes
    status: str = "200 OK"
    content_type: str = "text/html; charset=UTF-8"
    headers: tuple[Header, ...] = ()
    is_packed: bool = False
    date: datetime | None = None
    """What the site's clock says, for the Date header; None: the true time."""

    @classmethod
    def redirect(cls, location: str, status: str = "301 Moved Permanently") -> "Document":
        """A redirect as WordPress sends it, without a body."""
        headers = (("X-Redirect-By", "WordPress"), ("Location", location))
        return cls(b"", status, headers=headers)

    @property
    def body(self) -> bytes:
        return decompress(self.content) if self.is_packed else self.content

    @cached_property
    def gzipped(self) -> bytes:
        return self.content if self.is_packed else compress(self.content, 4, mtime=0)

    def packed(self) -> "Document":
        return replace(self, content=self.gzipped, is_packed=True)

    def answer(self, *, gzip: bool = False, headers: Iterable[Header] = (), **how: Any) -> Answer:
        """The answer that carries it; ``how`` are further arguments of `Answer.page`."""
        return Answer.page(
            self.gzipped if gzip else self.body,
            status=self.status,
            content_type=self.content_type,
            headers=(*self.headers, *headers),
            encoded=gzip,
            date=self.date,
            **how,
        )

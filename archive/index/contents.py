"""The contents that kept articles were last seen to agree with: what finds silent edits."""

from __future__ import annotations

from archive.index.database import Database


class Contents:
    """The digests of one site in its `database`, a column of its frontier."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def agreed(self, post_type: str) -> dict[int, str]:
        """The kept posts of `post_type` that are not missing: ID → the digest of the content it
        was last seen to agree with, or an empty string if none was compared yet."""
        rows = self._database.rows(
            "SELECT post_id, content FROM pages WHERE post_type = ? AND post_id IS NOT NULL"
            " AND state = 'kept' AND missing IS NULL",
            (post_type,),
        )
        return {row["post_id"]: row["content"] or "" for row in rows}

    def agree(self, post_type: str, contents: dict[int, str]) -> None:
        """Note that kept articles agree with the contents (ID → digest) the site has for them."""
        with self._database.transaction():
            for number, digest in contents.items():
                self._database.run(
                    "UPDATE pages SET content = ? WHERE post_type = ? AND post_id = ?",
                    (digest, post_type, number),
                )

    def doubt(self, post_type: str, post_id: int) -> None:
        """The kept article is not what the site shows for this post: it is due again."""
        self._database.run(
            "UPDATE pages SET state = 'due', reason = 'edited', content = NULL"
            " WHERE post_type = ? AND post_id = ?",
            (post_type, post_id),
        )

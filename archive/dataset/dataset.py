"""Writes a data set into a new folder: all of it, or nothing."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.dataset.about import DATA, FILL_IN, About, Form
from archive.dataset.card import card
from archive.dataset.croissant import croissant
from archive.dataset.gaps import gaps_of
from archive.dataset.tally import LineTally
from archive.errors import UsageError
from archive.files.append_file import sync_folder
from archive.files.replaced_file import not_written
from archive.folder import SiteFolder
from archive.jsonl.article_line import ArticleLine
from archive.sites import Settings
from archive.tables.column import Column
from archive.tables.line_columns import line_columns
from archive.tables.parquet import fill_parquet, need_duckdb

_SHARED = (
    "id", "site", "url", "version", "published", "fetched", "text_sha256", "warc_record_id",
    "warc_payload_sha256",
)  # fmt: skip
"""The columns of `urls_only`: with them somebody else can fetch the pages, and see that they are
the same."""


def columns_of(form: Form) -> tuple[Column, ...]:
    """The columns of a data set of this form."""
    return tuple(
        column
        for column in line_columns()
        if (column.name in _SHARED or not form.urls_only)
        and not (form.anonymous and column.name == "authors")
    )


def write_dataset(
    target: Path,
    lines: Iterable[ArticleLine],
    sites: list[SiteFolder],
    settings: Settings,
    form: Form,
) -> None:
    """Write a data set of `lines` to the folder `target`, which must not be there, or be empty.

    What the ledgers tell is that of `sites`. UsageError without duckdb, or if there is something
    at `target`; FolderError if it cannot be written: then nothing is left of it.
    """
    need_duckdb()
    with _new_folder(target) as part:
        data, tally, columns = part / DATA, LineTally(), columns_of(form)
        data.parent.mkdir()
        fill_parquet(data, tally.counting(lines), columns, target)
        about = About(
            title=settings.title
            or ", ".join(site.site.name for site in sites)
            or f"{FILL_IN}: a title",
            operator=settings.operator,
            contact=settings.contact,
            form=form,
            columns=columns,
            tally=tally,
            gaps=tuple(gaps_of(site) for site in sites),
            size=data.stat().st_size,
            sha256=_digest(data),
            made=datetime.now(UTC).date().isoformat(),
        )
        (part / "README.md").write_text(card(about))
        (part / "croissant.json").write_text(_json(croissant(about)))


@contextmanager
def _new_folder(target: Path) -> Iterator[Path]:
    """A folder beside `target` that becomes it at the end of the block."""
    target = target.absolute()
    part = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    try:
        if target.is_symlink() or (target.exists() and not _is_empty(target)):
            raise UsageError(f"{target} is there already; nothing was changed. Name a new folder.")
        part.mkdir()
        yield part
        _sync(part)
        part.rename(target)
        sync_folder(target.parent)
    except OSError as error:
        raise not_written(target, error.strerror or str(error)) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _is_empty(target: Path) -> bool:
    return target.is_dir() and not any(target.iterdir())


def _sync(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_dir():
            sync_folder(path)
            continue
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    sync_folder(folder)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _json(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"

"""Gives a WARC file its final name, once it is complete."""

from __future__ import annotations

import os
from pathlib import Path

from archive.errors import WriteFailed
from archive.files.append_file import sync_folder
from archive.files.failpoint import passing
from archive.layout import final_name


def finish(path: Path) -> Path:
    """Give the `.open` file its final name, durably; never over an existing file."""
    final = final_name(path)
    try:
        # Not a rename: that would replace an existing file.
        passing("finish.link")
        os.link(path, final)
        passing("finish.unlink")
        path.unlink()
        passing("finish.unlinked")
        sync_folder(path.parent)
    except OSError as error:
        raise WriteFailed(
            f"cannot finish {path}: {error.strerror}. Its records are safe;"
            " the next run tries again."
        ) from None
    return final

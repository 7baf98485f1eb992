"""Edits the tables of sites in sites.toml; everything else in the file stays as a person wrote it.

>>> without('[sites.a]\\nurl = "http://a/"\\n[sites.b]\\nurl = "http://b/"\\n', "a")
'[sites.b]\\nurl = "http://b/"\\n'
"""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Container
from pathlib import Path
from typing import Any

import tomlkit

from archive.files.append_file import sync_folder
from archive.files.replaced_file import replaced

# What a copy of the archive says of who keeps it.
_ABOUT = ("title", "operator", "contact")


def read_text(path: Path) -> str:
    """The text of a sites.toml, with its line ends as they are."""
    return path.read_bytes().decode("utf-8-sig")


def write_text(path: Path, text: str) -> None:
    """Put `text` in the place of the file at `path`, durably and in one step. FolderError if the
    disk refuses; then the file is as it was."""
    with replaced(path) as part:
        part.write_bytes(text.encode())
        if path.exists():
            shutil.copymode(path, part)
    sync_folder(path.parent)


def without(text: str, name: str) -> str:
    """The text of a sites.toml without the site called `name`. Comments at its lines and right
    above its table go with it; those behind a blank line stay."""
    wanted = tomllib.loads(text)
    del wanted["sites"][name]
    document = tomlkit.parse(text)
    del document["sites"][name]
    bare = tomlkit.dumps(document)
    kept = _with_comments(text, bare)
    return kept if _says(kept, wanted) else bare


def only(text: str, names: Container[str]) -> str:
    """The text of a sites.toml with no sites but `names`."""
    for name in tomllib.loads(text).get("sites", {}):
        if name not in names:
            text = without(text, name)
    return text


def renamed(text: str, old: str, new: str) -> str:
    """The text of a sites.toml in which the site `old` is called `new`. A table keeps its place;
    a site that is written in another way (`old = {url = …}`) becomes a table at the end."""
    wanted = tomllib.loads(text)
    site = wanted["sites"].pop(old)
    wanted["sites"][new] = site
    begin = r"^([ \t]*\[[ \t]*sites[ \t]*\.[ \t]*)"
    header = re.compile(rf"{begin}([\"']?){re.escape(old)}\2(?=[ \t]*[].])", re.MULTILINE)
    changed = header.sub(rf"\g<1>{new}", text)
    if _says(changed, wanted):
        return changed
    return f"{without(text, old).rstrip()}\n\n{tomlkit.dumps({'sites': {new: site}})}"


def for_store(text: str, names: Container[str], before: str = "") -> str:
    """What a copy of the archive in a store says in its sites.toml: the sites called `names`, and
    those that it named `before`. Comments, proxies, whoever is told of crawls, and what is about
    this machine are left out: some hold passwords.

    >>> for_store('[sites.a]\nurl = "http://a/"\nproxy = "http://u:p@b:1"\n', {"a"})
    '[sites.a]\nurl = "http://a/"\n'
    """
    told, known = tomllib.loads(text), tomllib.loads(before)
    kept = {
        name: {**known.get("defaults", {}), **site} for name, site in known.get("sites", {}).items()
    }
    ours = {name: site for name, site in told.get("sites", {}).items() if name in names}
    about = {key: told.get("archive", {}).get(key) for key in _ABOUT}
    tables = {
        "archive": {key: value for key, value in about.items() if value is not None},
        "defaults": told.get("defaults", {}),
        "sites": kept | ours,
    }
    for table in (tables["defaults"], *tables["sites"].values()):
        table.pop("proxy", None)
    return tomlkit.dumps({name: table for name, table in tables.items() if table})


def with_sites_of(text: str, other: str, names: Container[str]) -> str:
    """The text of a sites.toml with those sites of another one called `names` that it lacks, at its
    end. Each gets the defaults of the other one."""
    wanted, told = tomllib.loads(text), tomllib.loads(other)
    known = wanted.setdefault("sites", {})
    new = {
        name: {**told.get("defaults", {}), **site}
        for name, site in told.get("sites", {}).items()
        if name in names and name not in known
    }
    if not new:
        return text
    known |= new
    longer = f"{text.rstrip()}\n\n{tomlkit.dumps({'sites': new})}".lstrip()
    return longer if _says(longer, wanted) else tomlkit.dumps(wanted)


def with_storage(text: str, address: str) -> str:
    """The text of a sites.toml that names a store."""
    document = tomlkit.parse(text)
    document.setdefault("archive", tomlkit.table())["storage"] = address
    return tomlkit.dumps(document)


def _with_comments(text: str, bare: str) -> str:
    """`bare` is `text` without one table, and without all comments in it. Put those back that speak
    of the next table, and take away those right above this one."""
    pairs = zip(text, bare, strict=False)
    same = next((i for i, (one, other) in enumerate(pairs) if one != other), len(bare))
    begin = text.rfind("\n", 0, same) + 1
    end = begin + len(text) - len(bare)
    if text[:begin] + text[end:] != bare:
        return bare
    lines = text[begin:end].splitlines(keepends=True)
    told = [i for i, line in enumerate(lines) if line.strip() and line.strip()[0] != "#"]
    behind = lines[told[-1] + 1 :] if told else lines
    blank = next((i for i, line in enumerate(behind) if not line.strip()), len(behind))
    about_next = "".join(behind[blank:]).lstrip("\r\n")
    above = text[:begin].splitlines(keepends=True)
    while above and above[-1].startswith("#"):
        above.pop()
    return "".join(above) + about_next + text[end:]


def _says(text: str, wanted: dict[str, Any]) -> bool:
    """Whether `text` is TOML that means `wanted`."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return {"sites": {}, **said} == {"sites": {}, **wanted}

"""The program itself: Python, the libraries it needs, and those that it must not meet."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from scraper.doctor.diagnosis import Diagnosis, Health, judged

_OLDEST = (3, 11)


def findings() -> Iterator[Diagnosis]:
    """What was found: the Python, the libraries, and what stands in their way."""
    yield judged(
        "python",
        sys.version_info >= _OLDEST,
        f"{platform.python_implementation()} {platform.python_version()}",
        "Install Python 3.11 or newer.",
        Health.BAD,
    )
    yield _libraries()
    yield _parser()
    yield _brotli()


def _libraries() -> Diagnosis:
    """The versions of the libraries, against those that baygan was made for."""
    from packaging.requirements import Requirement

    wrong, right = [], []
    try:
        lines = requires("baygan") or []
    except PackageNotFoundError:
        advice = "It runs from its source: pip install -e ."
        return Diagnosis("libraries", Health.LOOK, "baygan is not installed", advice)
    for line in lines:
        wanted = Requirement(line)
        if wanted.marker and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            held = version(wanted.name)
        except PackageNotFoundError:
            wrong.append(f"{wanted.name} is missing")
            continue
        if wanted.specifier.contains(held, prereleases=True):
            right.append(f"{wanted.name} {held}")
        else:
            wrong.append(f"{wanted.name} {held}, not {wanted.specifier}")
    return judged(
        "libraries",
        not wrong,
        ", ".join(wrong or right),
        "Install baygan again, in an environment of its own: pipx install baygan",
        Health.BAD,
    )


def _parser() -> Diagnosis:
    """The HTML parser: old ones read pages nested deeper than 256 levels in another way."""
    from lxml import etree

    held = ".".join(map(str, etree.LIBXML_VERSION))
    return judged(
        "html parser",
        etree.LIBXML_VERSION >= (2, 11),
        f"libxml2 {held}, lxml {etree.__version__}",
        "Install lxml from its wheel, which brings a newer libxml2.",
        Health.LOOK,
    )


def _brotli() -> Diagnosis:
    """brotlipy, which pywb asks for, takes the place of the brotli that baygan needs."""
    try:
        held = version("brotlipy")
    except PackageNotFoundError:
        return Diagnosis("brotli", Health.FINE, version("brotli"))
    return Diagnosis(
        "brotli",
        Health.BAD,
        f"brotlipy {held} is here, too",
        "Keep pywb in an environment of its own, and: pip uninstall brotlipy",
    )

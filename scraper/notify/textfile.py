"""Writes the state of all sites as a file for Prometheus.

Its node_exporter reads such files with `--collector.textfile.directory`
(https://github.com/prometheus/node_exporter#textfile-collector). Names and units are as
https://prometheus.io/docs/practices/naming/ asks: seconds and bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from archive.errors import BayganError
from archive.folder import Archive, SiteFolder
from archive.outcomes import PageState, Verdict

METRICS = {
    "baygan_last_run_timestamp_seconds": "When the last run over the site began.",
    "baygan_last_success_timestamp_seconds": "When the last complete run over the site began.",
    "baygan_articles": "Articles of the site that the archive holds.",
    "baygan_lag_articles": "Pages of the site that are known and not yet kept.",
    "baygan_failures": "Pages that failed in the last run.",
    "baygan_received_bytes": "Bytes that the last run received.",
    "baygan_problems": "Problems of the last run, new and old.",
}
"""The metrics of a site, each with what it means. All are gauges with the label `site`."""
EXIT_CODE = "baygan_exit_code"


def write(path: Path, archive: Archive, exit_code: int) -> str | None:
    """Write the file at `path`: the metrics of each site of sites.toml, and the exit code of the
    last crawl. A reader never sees half a file. Returns None, or why it could not be written; or
    which site is missing in it, since its index.db cannot be read."""
    from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

    registry = CollectorRegistry()
    last = Gauge(EXIT_CODE, "The exit code of the last `baygan crawl`.", registry=registry)
    last.set(exit_code)
    gauges = {
        name: Gauge(name, meaning, ["site"], registry=registry) for name, meaning in METRICS.items()
    }
    missing = None
    for folder in archive.sites():
        try:
            for name, value in _values(folder):
                gauges[name].labels(folder.site.name).set(value)
        except BayganError as error:
            missing = f"{path} tells nothing of {folder.site.name}: {error}"
    try:
        write_to_textfile(str(path), registry)
    except OSError as error:
        return f"{path} cannot be written: {error.strerror}"
    return missing


def _values(folder: SiteFolder) -> Iterator[tuple[str, float]]:
    """The metrics of a site; those of its runs are missing before the first run."""
    with folder.reading() as index:
        counts = index.counts() if index else {}
    yield "baygan_articles", counts.get("articles", 0)
    yield "baygan_lag_articles", counts.get(PageState.DUE, 0) + counts.get(PageState.FAILED, 0)
    runs = folder.latest_runs()
    last = next(runs, None)
    if last is None:
        return
    yield "baygan_last_run_timestamp_seconds", _seconds(last)
    yield "baygan_failures", last.get("failed", 0)
    yield "baygan_received_bytes", last.get("bytes", 0)
    yield "baygan_problems", len(last.get("problems", []))
    complete = (run for run in chain([last], runs) if run["verdict"] == Verdict.COMPLETE)
    if success := next(complete, None):
        yield "baygan_last_success_timestamp_seconds", _seconds(success)


def _seconds(run: dict[str, Any]) -> float:
    return datetime.fromisoformat(run["started"]).timestamp()

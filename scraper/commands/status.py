"""baygan status: show what is here, how the last runs went, and what sites do not list any more."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.errors import UsageError
from archive.outcomes import Flag, PageState
from scraper.commands.workbench.changed import print_edits
from scraper.console.completions import site_names
from scraper.console.options import Day, reading_option
from scraper.console.terminal import echo_data, safe_line
from scraper.console.unnamed import articles_in, unnamed_remark
from scraper.verdict.months import months
from scraper.verdict.staleness import standing_problems

if TYPE_CHECKING:
    from archive.folder import SiteFolder
    from archive.jsonl.removals import Removal

_HEADS = ("site", "articles", "listed", "removed", "newest", "last crawl", "result")
_NUMBERS = ("articles", "listed", "removed")


@click.command()
@click.argument("sites", nargs=-1, metavar="[SITE]...", shell_complete=site_names)
@click.option("--removed", is_flag=True, help="List the posts that sites do not list any more.")
@click.option("--changed", is_flag=True, help="List what was rewritten, openly or silently.")
@click.option("--since", type=Day(), metavar="DATE", help="With --changed: found on DATE or later.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line for each site or entry.")
@reading_option
def status(
    sites: tuple[str, ...],
    removed: bool,
    changed: bool,
    since: date | None,
    as_json: bool,
    folder: Path,
) -> None:
    """Show what the archive holds and how the last crawls went.

    `listed` is how many articles the site itself counts, `removed` how many it does not list any
    more. Exits with 3 if the last crawl of a site had a problem, new or old. Pages that cannot be
    fetched are shown, but do not count as a problem here.

    --changed has a line for each version that replaced another: when it was found, whether the
    site's date of modification tells of it (`edited`) or not (`silent`), and how many words are
    gone and new. `baygan diff ID` shows them.
    """
    from archive.folder import Archive

    if removed and changed:
        raise UsageError("--removed and --changed are two lists. Choose one.")
    if since and not changed:
        raise UsageError("--since is for edits: baygan status --changed --since 1405-09-01")
    archive = Archive(folder)
    folders = archive.sites(sites)
    if removed:
        _print_removals(folders, as_json)
        return
    if changed:
        print_edits(folders, since, as_json=as_json)
        return
    states = [_state(site, months_too=as_json) for site in folders]
    unnamed = [] if sites else archive.unnamed()
    if as_json:
        for state in [*states, *map(_unnamed, unnamed)]:
            echo_data(json.dumps(state, ensure_ascii=False))
    else:
        _print_table(states)
        for stranger in unnamed:
            click.echo(safe_line(unnamed_remark(stranger)))
    if any(state["problems"] for state in states):
        raise SystemExit(3)


def _print_removals(folders: list[SiteFolder], as_json: bool) -> None:
    """Print a line for each post that a site does not list any more, the latest last; as JSON also
    those that came back."""
    for folder in folders:
        entries = folder.removals_ledger.entries().values()
        for removal in sorted(entries, key=lambda removal: removal.first_missed):
            if as_json:
                echo_data(json.dumps(removal.to_object(), ensure_ascii=False))
            elif removal.returned is None:
                click.echo(safe_line(_removal_line(removal)))


def _removal_line(removal: Removal) -> str:
    since = f"{removal.first_missed.astimezone():%Y-%m-%d %H:%M}"
    sure = "confirmed" if removal.confirmed else "seen once"
    return f"{since}   {removal.kind:11}   {sure}   {removal.id}   {removal.url}"


def _unnamed(folder: SiteFolder) -> dict[str, Any]:
    return {
        "site": folder.site.name,
        "url": None,
        "articles": articles_in(folder),
        "problems": [],
        "notes": [unnamed_remark(folder)],
    }


def _state(folder: SiteFolder, *, months_too: bool) -> dict[str, Any]:
    runs = sorted(folder.runs(), key=lambda run: str(run["started"]))
    last = runs[-1] if runs else {}
    coverage = last.get("coverage", {})
    totals = coverage.get("total", {})
    listed = sum(totals.values()) if totals and None not in totals.values() else None
    with folder.reading() as index:
        counts = index.counts() if index else {}
        newest = index.newest_fetched() if index else None
        unavailable = index.unavailable() if index else {}
        incomplete = index.flagged(Flag.INCOMPLETE) if index else 0
        if index and months_too:
            coverage = {**coverage, "months": months(index, listed=listed is not None)}
    return {
        "site": folder.site.name,
        "url": folder.site.url,
        "articles": counts.get("articles", 0),
        "listed": listed,
        "removed": len(folder.removals()),
        "newest": newest,
        "due": counts.get(PageState.DUE, 0) + counts.get(PageState.FAILED, 0),
        "refused": counts.get(PageState.REFUSED, 0),
        "last_crawl": last.get("started"),
        "verdict": last.get("verdict"),
        "new": last.get("new", 0),
        "coverage": coverage,
        "unavailable": unavailable,
        "incomplete": incomplete,
        "verify_tls": folder.site.verify_tls,
        "problems": standing_problems(runs),
        "notes": last.get("notes", []),
    }


def _print_table(states: list[dict[str, Any]]) -> None:
    rows = [_HEADS, *(_row(state) for state in states)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
    for row in rows:
        cells = [
            cell.rjust(width) if head in _NUMBERS else cell.ljust(width)
            for cell, width, head in zip(row, widths, _HEADS, strict=True)
        ]
        echo_data("   ".join(cells).rstrip())
    for state in states:
        for remark in [*state["problems"], *_remarks(state)]:
            click.echo(safe_line(f"{state['site']}: {remark}"))


def _remarks(state: dict[str, Any]) -> list[str]:
    """Sentences about pages that cannot be had, and counts of the last crawl that do not agree."""
    coverage, unavailable = state["coverage"], state["unavailable"]
    reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(unavailable.items()))
    remarks = [f"pages that cannot be had: {reasons}"] if reasons else []
    if not state["verify_tls"]:
        remarks.append(
            "certificates are not verified (verify_tls = false in sites.toml): nothing proves that"
            " what is captured came from the site"
        )
    if incomplete := state["incomplete"]:
        remarks.append(
            f"{incomplete} articles lack words that the site has in them (flag {Flag.INCOMPLETE})"
        )
    remarks += [
        f"{balance['unaccounted']} of {balance['total']} posts ({post_type}) are unaccounted for"
        for post_type, balance in coverage.get("balance", {}).items()
        if balance["unaccounted"]
    ]
    crosscheck = coverage.get("witness") or {}
    if only := crosscheck.get("only_in_sitemap", {}).get("count"):
        remarks.append(f"{only} addresses are only in the sitemap ({crosscheck['read'][:10]})")
    return remarks


def _row(state: dict[str, Any]) -> tuple[str, ...]:
    result = "never crawled"
    if state["verdict"]:
        left = f", {state['due']} left" if state["due"] else ""
        result = f"{state['verdict']}: {state['new']} new{left}"
    return (
        state["site"],
        *(_number(state[name]) for name in _NUMBERS),
        _local(state["newest"]),
        _local(state["last_crawl"]),
        result,
    )


def _number(count: int | None) -> str:
    return "-" if count is None else f"{count:,}".replace(",", " ")


def _local(moment: str | None) -> str:
    from datetime import datetime

    return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M}" if moment else "-"

"""What is to be known of a data set, in sentences: the card has them as lists, Croissant as texts.

They hold what the archive's ledgers tell, and no judgement. Texts of sites stand in none of them.
"""

from __future__ import annotations

from collections import Counter

from archive.dataset.about import About
from archive.dataset.gaps import Gaps
from archive.dataset.tally import SiteTally

_MOST_PAUSES = 20


def what(about: About) -> list[str]:
    """What is in it: how much of which sites, from when to when, and how that was chosen."""
    tally = about.tally
    told = [
        f"{_number(tally.lines, 'version')} of {_number(tally.articles, 'article')} of"
        f" {_number(len(tally.sites), 'news site')}."
    ]
    for name, site in tally.sites.items():
        told.append(_of_site(name, site))
    if about.form.selection:
        told.append(
            f"It is a selection of what the archive holds: {' '.join(about.form.selection)}."
        )
    if about.form.urls_only:
        told.append("It has addresses and digests, and neither titles nor texts.")
    if about.form.anonymous:
        told.append(
            "The column of authors is left out. Names that stand in titles, texts and captions are"
            " still there, and every address leads to a page that may name its author."
        )
    if tally.languages:
        told.append(f"Languages: {_counted(tally.languages)}.")
    return told


def when(about: About) -> list[str]:
    """When its pages were captured."""
    if not about.tally.lines:
        return ["No page is in it: the selection holds no article."]
    return [f"Its pages were captured from {about.tally.fetched} (UTC)."]


def how(about: About) -> list[str]:
    """How the pages were found and captured."""
    keeper = f" The archive is kept by {about.operator}." if about.operator else ""
    imported = about.tally.imported
    return [
        "baygan found the articles through each site's REST API or, where that is closed, through"
        " its sitemaps, feeds and archive pages. It captured each page as the site sent it, into"
        " WARC files, under robots.txt and one request at a time to a host, without a login, and"
        f" without a browser.{keeper}",
        *(
            [
                f"This does not hold for {_number(imported, 'version')}: another program captured"
                " the page, and it was imported from a WARC or ARC file."
            ]
            if imported
            else []
        ),
        "An article whose words or title changed is captured again and is another version.",
        *(
            f"{gaps.site} ({gaps.url}): {_number(gaps.runs, 'run')}, the first on"
            f" {gaps.first_run or 'no day'}, the last on"
            f" {gaps.last['started'] if gaps.last else 'no day'}; {_counted(gaps.verdicts)}."
            for gaps in about.gaps
            if gaps.runs
        ),
    ]


def gaps(about: About) -> list[str]:
    """What is missing, as far as the ledgers know."""
    told = [sentence for one in about.gaps for sentence in _gaps_of(one)]
    undated = sum(site.undated for site in about.tally.sites.values())
    if undated:
        told.append(f"{_number(undated, 'version')} without a date of publication.")
    if about.tally.flags:
        told.append(f"Flags that warn of a text or a date: {_counted(about.tally.flags)}.")
    told.append(
        "What a site had removed before its first run is in no archive of it. An edit between two"
        " runs that was undone, or that did not change the modification date, may not be seen."
    )
    return told


def rules(about: About) -> list[str]:
    """How text was made of pages."""
    return [
        "Text was made of the stored pages by the rules of baygan: headline, lead, paragraphs,"
        " subheads, quotes and lists in page order, without menus, comments, related links and"
        " other boilerplate; half-spaces as published.",
        *(
            f"{_number(count, 'version')} made by baygan {baygan}, rules {digest}, trafilatura"
            f" {trafilatura}."
            for (baygan, digest, trafilatura), count in about.tally.makers.most_common()
        ),
    ]


def _of_site(name: str, site: SiteTally) -> str:
    published = f"published from {site.published} (UTC), {site.jalali} by the Jalali calendar"
    return (
        f"{name}: {_number(site.lines, 'version')} of {_number(site.articles, 'article')},"
        f" {published if site.published.first else 'without dates'}."
    )


def _gaps_of(gaps: Gaps) -> list[str]:
    if gaps.last is None:
        return [f"{gaps.site}: no run is in the ledger."]
    told = []
    balance = gaps.balance
    if balance.get("total"):
        parts = ", ".join(f"{n} {name}" for name, n in balance.items() if name != "total")
        told.append(
            f"{gaps.site}: in its last run the site counted {balance['total']} posts: {parts}."
        )
    told.append(f"{gaps.site}: the last run was {gaps.last['verdict']}.")
    for state in ("refused", "failed"):
        reasons = Counter(gaps.last["coverage"].get(state, {}))
        if reasons:
            told.append(f"{gaps.site}: pages {state}, by reason: {_counted(reasons)}.")
    pauses = [f"{before} to {after}" for before, after in gaps.pauses[:_MOST_PAUSES]]
    if pauses:
        more = len(gaps.pauses) - len(pauses)
        rest = f", and {more} more" if more else ""
        told.append(f"{gaps.site}: no run for more than 48 hours: {', '.join(pauses)}{rest}.")
    if gaps.removed:
        told.append(f"{gaps.site}: posts that the site removed: {_counted(gaps.removed)}.")
    return told


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common())


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"

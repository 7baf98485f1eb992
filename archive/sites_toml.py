"""Reads sites.toml, the only file people edit. Every key is checked before any request is sent.

[archive]
title = "Persian news"

[sites.khabar]
url = "https://khabar.example/"
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from archive.errors import FolderError, NoArchive, SettingsError, UsageError
from archive.files.disk_space import parse_size
from archive.http.urls import BadAddress, resolve
from archive.layout import RESERVED
from archive.sites import Notify, Settings, Site, meant
from archive.storage.address import store_address
from archive.times.days import gregorian, read_days

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
SHORTEST_DELAY = 0.5
LONGEST_DELAY = 3600.0
_TYPES: dict[str, tuple[type | tuple[type, ...], str]] = {
    "url": (str, "a web address"),
    "delay": ((int, float), "a number of seconds"),
    "since": ((date, str), 'a date such as 2019-01-01 or "1398-01-01", "1398-01", "1398"'),
    "skip": (list, 'a list of strings such as ["/tag/"]'),
    "types": (list, 'a list of strings such as ["post"]'),
    "remove": (list, 'a list of CSS selectors such as ["div.telegram-box"]'),
    "content": (str, "a CSS selector"),
    "sitemap": (str, "a web address"),
    "budget": (int, "a whole number of requests"),
    "assets": (str, '"images" or "page"'),
    "proxy": (str, 'a proxy\'s address such as "http://proxy.example:3128"'),
    "verify_tls": (bool, "true or false"),
    "allow_private": (bool, "true or false"),
    "title": (str, "one line of text"),
    "operator": (str, "one line of text"),
    "contact": (str, "one line of text"),
    "min_free": (str, 'a size such as "1 GiB" or "5 %"'),
    "storage": (str, 'the address of a store, such as "s3://bucket/archive"'),
    "on_end": (list, 'a command as a list, such as ["/usr/local/bin/tell", "--all"]'),
    "healthcheck": (str, "a web address"),
    "textfile": (str, "the path of a file"),
    "seconds": ((int, float), "a number of seconds"),
}
# Keys whose values no message repeats.
_SECRETS = ("proxy", "healthcheck", "storage")
# A line end in `contact` would be a header of its own in every request.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ARCHIVE_KEYS = ("title", "operator", "contact", "min_free", "storage")
_SITE_KEYS = tuple(f.name for f in fields(Site) if f.name != "name")
_NOTIFY_KEYS = tuple(f.name for f in fields(Notify))
_DEFAULT_KEYS = tuple(key for key in _SITE_KEYS if key != "url")


def read_settings(path: Path) -> Settings:
    """Read and check the sites.toml at `path`.

    Raises NoArchive if it is not there, SettingsError with the place and, for a misspelt
    key, a suggestion.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise NoArchive(
            f"no archive here: {path.parent} has no sites.toml. Make one with: baygan init"
        ) from None
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"{path}: not UTF-8 at byte {error.start}. Nothing was fetched. Save the file as UTF-8."
        ) from None
    except OSError as error:
        raise FolderError(f"cannot read {path}: {error.strerror}. Nothing was changed.") from None
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: {error}. Nothing was fetched. Mend that line.") from None
    return _settings(table)


def check_name(name: str) -> str:
    """`name` if it can be a site's name (it becomes a folder), else SettingsError."""
    if name in RESERVED:
        raise SettingsError(
            f"sites.toml: '{name}' cannot be a site's name: the archive has a folder of that name."
        )
    if is_name(name):
        return name
    raise SettingsError(
        f"sites.toml: '{name}' cannot be a site's name. Use a-z, 0-9 and '-', as in [sites.khabar]."
    )


def is_name(name: str) -> bool:
    """Whether a site, and so its folder, can be called `name`."""
    return name not in RESERVED and NAME.fullmatch(name) is not None


def _settings(table: dict[str, Any]) -> Settings:
    _known(table, ("archive", "defaults", "notify", "sites"), "")
    about = _table(table, "archive")
    _known(about, _ARCHIVE_KEYS, "[archive]")
    if "min_free" in about:
        parse_size(about["min_free"])
    if "storage" in about:
        _check_storage(about["storage"])
    defaults = _table(table, "defaults")
    _known(defaults, _DEFAULT_KEYS, "[defaults]")
    sites = {name: _site(name, entry, defaults) for name, entry in _table(table, "sites").items()}
    return Settings(**about, notify=_notify(_table(table, "notify")), sites=sites)


def _notify(entry: dict[str, Any]) -> Notify:
    _known(entry, _NOTIFY_KEYS, "[notify]")
    if "healthcheck" in entry:
        try:
            resolve(entry["healthcheck"], entry["healthcheck"])
        except BadAddress:
            raise SettingsError(
                "sites.toml, [notify]: healthcheck is no web address; it begins with https://"
            ) from None
    if not 0 < entry.get("seconds", 1) <= LONGEST_DELAY:
        raise SettingsError(
            f"sites.toml, [notify]: seconds = {entry['seconds']} must be above 0, up to"
            f" {LONGEST_DELAY:.0f}."
        )
    return Notify(**{**entry, "on_end": tuple(entry.get("on_end", ()))})


def _site(name: str, entry: object, defaults: dict[str, Any]) -> Site:
    check_name(name)
    where = f"[sites.{name}]"
    if not isinstance(entry, dict):
        raise SettingsError(f'sites.toml: {name} must be a table: {where} and url = "https://…"')
    _known(entry, _SITE_KEYS, where)
    if "url" not in entry:
        raise SettingsError(f'sites.toml, {where}: url is missing. Add: url = "https://…"')
    values = {**defaults, **entry}
    for key in ("skip", "types", "remove"):
        if key in values:
            values[key] = tuple(values[key])
    if "since" in values:
        values["since"] = _first_day(values["since"], where)
    site = Site(name=name, **values)
    check_url(site.url, where)
    if site.sitemap is not None:
        check_url(site.sitemap, where, "sitemap")
    if site.budget is not None and site.budget < 1:
        raise SettingsError(f"sites.toml, {where}: budget = {site.budget} must be 1 or more.")
    if site.assets not in (None, "images", "page"):
        raise SettingsError(
            f'sites.toml, {where}: assets = "{site.assets}" must be "images" or "page".'
        )
    if site.proxy is not None:
        _check_proxy(site.proxy, where)
    _check_delay(site, where)
    return site


def _first_day(since: date | str, where: str) -> date:
    """The first day of `since`, which may be a Jalali date, written as a date or as a string."""
    try:
        return gregorian(since) if isinstance(since, date) else read_days(since).first
    except ValueError:
        raise SettingsError(
            f"sites.toml, {where}: since = {str(since)!r} is no date; write 2019-01-01, or"
            ' "1398-01-01". Quoted, "1398-01" and "1398" are a month\'s and a year\'s first day.'
        ) from None


def check_url(url: str, where: str, key: str = "url") -> None:
    """SettingsError unless `url` is a web address; `where` and `key` name its place in
    sites.toml."""
    try:
        resolve(url, url)
        parts = urlsplit(url)
    except BadAddress as error:
        raise _no_address(url, where, key) from error
    if re.search(r"\s", url):
        raise _no_address(url, where, key)
    if parts.username or parts.password:
        raise SettingsError(f"sites.toml, {where}: {key} must not hold a user name or a password.")


def _no_address(url: str, where: str, key: str) -> SettingsError:
    return SettingsError(
        f"sites.toml, {where}: {key} = {url!r} is no web address; it begins with https:// or http://"
    )


def _check_proxy(proxy: str, where: str) -> None:
    """SettingsError if `proxy` is no proxy's address. The message does not repeat it: there may be
    a password in it."""
    try:
        parts = urlsplit(proxy)
        whole = parts.scheme == "http" and parts.hostname and parts.port and not parts.query
    except ValueError:
        whole = False
    if not whole or parts.path.strip("/") or re.search(r"\s", proxy):
        raise SettingsError(
            f"sites.toml, {where}: proxy is no proxy's address. Write"
            ' proxy = "http://proxy.example:3128" or "http://user:password@proxy.example:3128".'
        )


def _check_storage(storage: str) -> None:
    try:
        store_address(storage)
    except UsageError as error:
        raise SettingsError(f"sites.toml, [archive], storage: {error}") from None


def _check_delay(site: Site, where: str) -> None:
    if SHORTEST_DELAY <= site.delay <= LONGEST_DELAY or (
        site.allow_private and 0 <= site.delay <= LONGEST_DELAY
    ):
        return
    if site.delay < SHORTEST_DELAY:
        wrong = f"is under {SHORTEST_DELAY} s, which is rude to a public site. Only with"
        wrong += " allow_private = true may it be shorter, down to 0."
    else:
        wrong = f"is no number of seconds up to {LONGEST_DELAY:.0f}."
    raise SettingsError(f"sites.toml, {where}: delay = {site.delay} {wrong}")


def _table(table: dict[str, Any], key: str) -> dict[str, Any]:
    value = table.get(key, {})
    if not isinstance(value, dict):
        raise SettingsError(f"sites.toml: {key} must be a table, written [{key}]")
    return value


def _known(table: dict[str, Any], allowed: tuple[str, ...], where: str) -> None:
    """SettingsError unless every key of `table` is one of `allowed` and has its type."""
    place = f"sites.toml, {where}" if where else "sites.toml"
    for key, value in table.items():
        if key not in allowed:
            raise SettingsError(f"{place}: no such key '{key}'.{meant(key, allowed)}")
        kind, words = _TYPES.get(key, (dict, "a table"))
        if not _fits(value, kind):
            shown = "" if key in _SECRETS else f" = {value!r}"
            raise SettingsError(f"{place}: {key}{shown} must be {words}.")


def _fits(value: object, kind: type | tuple[type, ...]) -> bool:
    """Whether `value` has this type. true is no number, and an instant is no date. A string, alone
    or in a list, must not be empty or hold control characters."""
    if isinstance(value, bool | datetime):
        return type(value) is kind
    if isinstance(value, list):
        return kind is list and all(isinstance(item, str) and _fits(item, str) for item in value)
    if isinstance(value, str):
        fits = isinstance(value, kind)
        return fits and bool(value.strip()) and not _CONTROL.search(value)
    return isinstance(value, kind)

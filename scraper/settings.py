"""Scrapy's settings; a comment says why one differs from the default.

`scrapy.cfg` points here, so `scrapy list`, `scrapy shell` and
`scrapy crawl wordpress -a site=khabar -a archive=FOLDER` work. The command line passes the same
values as a dict and never reads a scrapy.cfg in the current folder: that could name any code to
run.
"""

from __future__ import annotations

from typing import Any

from archive.sites import Settings, Site
from archive.version import __version__

BOT_NAME = "baygan"
SPIDER_MODULES = ["spiders.wordpress"]
USER_AGENT = f"baygan/{__version__}"
ROBOTSTXT_USER_AGENT = "baygan"

# RobotsMiddleware replaces Scrapy's, which allows everything if robots.txt cannot be read.
ROBOTSTXT_OBEY = False
DOWNLOADER_MIDDLEWARES = {
    "scraper.download.robots.RobotsMiddleware": 100,
    # Blocks are recognised after bodies are unpacked and before redirects are followed.
    "scraper.download.redirects.RedirectGuard": 602,
    "scraper.download.blocked.BlockedMiddleware": 605,
    "scraper.download.decompression.UnpackMiddleware": 610,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    # It would look for a password with every request.
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scraper.download.proxy.ProxyMiddleware": 750,
}
# All that a spider yields goes through these, and they would change nothing: requests have no depth
# and no referrer, and the addresses that a site names are judged where they are read.
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}
# It reads a callback's source for each answer, to warn the one who wrote it.
WARN_ON_GENERATOR_RETURN_VALUE = False
# It would write each request and each answer's head once more, to count their bytes.
DOWNLOADER_STATS = False
DOWNLOAD_HANDLERS = {
    "http": "scraper.download.handler.WireHandler",
    "https": "scraper.download.handler.WireHandler",
    # A page must never make us read a local file or talk to anything but a web server.
    "file": None,
    "data": None,
    "ftp": None,
    "s3": None,
}
# Scrapy's other extensions do nothing in our runs. It imports those of the default list even where
# EXTENSIONS switches them off, and one brings a web server: a fifth of a second for each run.
EXTENSIONS_BASE = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.logcount.LogCount": 0,
}
ITEM_PIPELINES = {"scraper.pipelines.ArticlePipeline": 100}

# The pace of requests is kept in the handler, a host at a time (scraper.download.throttle).
DOWNLOAD_DELAY = 0
CONCURRENT_REQUESTS_PER_DOMAIN = 2
# Requests that wait for another host's turn must not hold up the site's own.
CONCURRENT_REQUESTS = 8
# With the default of 100 every response would cost 100 tasks, and what a page names besides its
# article can wait until that is kept.
CONCURRENT_ITEMS = 1
# The most bytes of pages that wait for cleaning: after a kill they must be fetched again.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 1_000_000

# warcio and the replay tools cannot read zstd, and old brotli decoders are not safe.
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "fa,en;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}

DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_VERIFY_CERTIFICATES = True
# This resolver also finds sites that have only an IPv6 address.
TWISTED_DNS_RESOLVER = "scraper.download.resolver.Names"
# Names are looked up in threads (seconds): a dead name must not hold a thread for long.
DNS_TIMEOUT = 4
REACTOR_THREADPOOL_MAXSIZE = 32
RETRY_TIMES = 2
REDIRECT_MAX_TIMES = 5
COOKIES_ENABLED = False
METAREFRESH_ENABLED = False
# A proxy from the environment would resolve names itself: the check of peers would not see them.
HTTPPROXY_ENABLED = False
# Both open a listening socket.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# The index knows what is due; a second filter would drop pages, and nobody would notice.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
LOG_INSTALL_ROOT_HANDLER = False
LOG_LEVEL = "INFO"
LOGSTATS_INTERVAL = 0

# How many requests a site with delay = 0 (tests, intranets) may have under way.
_UNPACED_REQUESTS = 8


def base_settings(about: Settings) -> dict[str, Any]:
    """This module's settings as a dict, with the operator's contact in the User-Agent."""
    settings = {name: value for name, value in globals().items() if name.isupper()}
    settings["USER_AGENT"] = user_agent(about)
    return settings


def site_settings(site: Site) -> dict[str, Any]:
    """The settings that differ for `site`."""
    settings: dict[str, Any] = {"DOWNLOAD_VERIFY_CERTIFICATES": site.verify_tls}
    if site.delay == 0:
        settings["CONCURRENT_REQUESTS"] = 2 * _UNPACED_REQUESTS
        settings["CONCURRENT_REQUESTS_PER_DOMAIN"] = _UNPACED_REQUESTS
    return settings


def user_agent(about: Settings) -> str:
    """`baygan/0.1.0 (+archive@example.org)`: who we are, and whom to write to."""
    contact = about.contact or about.operator
    return f"{USER_AGENT} (+{contact})" if contact else USER_AGENT

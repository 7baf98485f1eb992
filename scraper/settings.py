"""Scrapy's settings, each that differs from the default with its reason.

`scrapy.cfg` points here, so `scrapy list`, `scrapy shell` and
`scrapy crawl wordpress -a site=khabar -a archive=FOLDER` work. The command line passes the
same values as a dict: it never looks for a scrapy.cfg in the folder it is started in, for
that would run the code it names.
"""

from __future__ import annotations

from typing import Any

from archive.sites import Settings, Site
from archive.version import __version__

BOT_NAME = "baygan"
SPIDER_MODULES = ["spiders.wordpress"]
USER_AGENT = f"baygan/{__version__}"
ROBOTSTXT_USER_AGENT = "baygan"

# Our own robots policy stands in for Scrapy's, which allows all while robots.txt fails.
ROBOTSTXT_OBEY = False
DOWNLOADER_MIDDLEWARES = {
    "scraper.download.robots.RobotsMiddleware": 100,
    # Blocks are told by unpacked bodies, and before redirects are followed.
    "scraper.download.redirects.RedirectGuard": 602,
    "scraper.download.blocked.BlockedMiddleware": 605,
    "scraper.download.decompression.UnpackMiddleware": 610,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scraper.download.proxy.ProxyMiddleware": 750,
}
DOWNLOAD_HANDLERS = {
    "http": "scraper.download.handler.WireHandler",
    "https": "scraper.download.handler.WireHandler",
    # A page must never make us read a local file or talk to anything but a web server.
    "file": None,
    "data": None,
    "ftp": None,
    "s3": None,
}
ITEM_PIPELINES = {"scraper.pipelines.ArticlePipeline": 100}

# The pace of requests is kept in the handler, a host at a time (scraper.download.throttle).
DOWNLOAD_DELAY = 0
CONCURRENT_REQUESTS_PER_DOMAIN = 2
# Requests that wait for another host's turn must not hold up the site's own.
CONCURRENT_REQUESTS = 8
# Each of the default 100 costs a task for every response.
CONCURRENT_ITEMS = 4
# Pages that wait for cleaning (bytes): what is fetched ahead is fetched again after a kill.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 1_000_000

# warcio and the replay tools read no zstd, and brotli's decoder had holes.
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "fa,en;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}

DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_VERIFY_CERTIFICATES = True
# Sites on IPv6 alone are reached, too.
TWISTED_DNS_RESOLVER = "scraper.download.resolver.Names"
# Names are looked up in threads: dead ones must neither wait long nor take the threads of others.
DNS_TIMEOUT = 4
REACTOR_THREADPOOL_MAXSIZE = 32
RETRY_TIMES = 2
REDIRECT_MAX_TIMES = 5
# Persian slugs are long: three letters of escape for every byte.
URLLENGTH_LIMIT = 8192

COOKIES_ENABLED = False
REFERRER_POLICY = "no-referrer"
METAREFRESH_ENABLED = False
# A proxy from the environment would resolve names itself, past the check of peers.
HTTPPROXY_ENABLED = False
# Both open a listening socket.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# The index knows what is due; a second filter would drop a page without a word.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
LOG_INSTALL_ROOT_HANDLER = False
LOG_LEVEL = "INFO"
LOGSTATS_INTERVAL = 0

# How many requests a site with delay = 0 (tests, intranets) may have under way.
_UNPACED_REQUESTS = 8


def base_settings(about: Settings) -> dict[str, Any]:
    """This module's settings as a dict, the operator's contact in the User-Agent."""
    settings = {name: value for name, value in globals().items() if name.isupper()}
    settings["USER_AGENT"] = user_agent(about)
    return settings


def site_settings(site: Site) -> dict[str, Any]:
    """What differs for `site`."""
    settings: dict[str, Any] = {"DOWNLOAD_VERIFY_CERTIFICATES": site.verify_tls}
    if site.delay == 0:
        settings["CONCURRENT_REQUESTS"] = 2 * _UNPACED_REQUESTS
        settings["CONCURRENT_REQUESTS_PER_DOMAIN"] = _UNPACED_REQUESTS
    return settings


def user_agent(about: Settings) -> str:
    """`baygan/0.1.0 (+archive@example.org)`: who we are, and whom to write to."""
    contact = about.contact or about.operator
    return f"{USER_AGENT} (+{contact})" if contact else USER_AGENT

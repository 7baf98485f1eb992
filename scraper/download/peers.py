"""Which IP addresses a crawl may talk to: only public ones, unless the site allows private ones.

A page, a redirect or a DNS answer can name 127.0.0.1, the router or a cloud's metadata service. A
program inside a network that follows it would store what is not public.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from archive.errors import Unreachable

GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All of IPv6 that is routed publicly (RFC 4291, 2.4)."""

NAT64 = IPv6Network("64:ff9b::/96")
"""Such an address ends in the IPv4 address that it stands for (RFC 6052, 2.1)."""

# For Python's is_global these are public, at least in some versions.
NEVER_PUBLIC_4 = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
NEVER_PUBLIC_6 = (IPv6Network("2001::/23"), IPv6Network("3fff::/20"))


class PrivatePeer(Unreachable):
    """The server's address is not public; nothing was sent to it. Scrapy does not retry this."""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public Internet.

    For an IPv6 address with an IPv4 address in it (mapped, NAT64, 6to4), the latter decides.

    >>> is_public("8.8.8.8"), is_public("::ffff:127.0.0.1"), is_public("64:ff9b::a00:1")
    (True, False, False)
    """
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        inner = _carried(ip)
        if inner is None:
            return _is_public_6(ip)
        ip = inner
    return ip.is_global and not (
        ip.is_multicast or ip.is_reserved or any(ip in network for network in NEVER_PUBLIC_4)
    )


def require_public(address: str) -> None:
    """Raise PrivatePeer unless `address` is public."""
    if not is_public(address):
        raise PrivatePeer(
            f"{address} is not a public address. Nothing was sent to it. If this site is meant"
            " to be there (a test, an intranet), set allow_private = true for it in sites.toml."
        )


def _carried(ip: IPv6Address) -> IPv4Address | None:
    if ip in NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour


def _is_public_6(ip: IPv6Address) -> bool:
    return (
        ip in GLOBAL_UNICAST
        and ip.is_global
        and not any(ip in network for network in NEVER_PUBLIC_6)
    )

"""Which addresses a webhook may have, and which addresses of the network are public. Pure: nothing is looked up here.

A webhook is the one place where the site calls an address that somebody typed. So an address is written in one plain
form (https, a name, port 443), and what its name leads to must be public in every reading: not this machine, not the
network round it, not a cloud's own services, and no address in which one of those can be wrapped (RFC 6890, the IANA
special-purpose registries, RFC 6052, RFC 8215, RFC 3056, RFC 4380, RFC 5214).
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

import idna

LONGEST_ADDRESS = 500
HTTPS_PORT = 443
THIS_MACHINE = {"localhost": "127.0.0.1", "127.0.0.1": "127.0.0.1", "::1": "::1"}
"""The names of this machine, and where each leads: for trying webhooks out, where a setting allows it."""

PRIVATE_NAMES = (
    "localhost", "local", "localdomain", "internal", "intranet", "private", "corp", "home", "lan", "arpa", "onion",
    "test", "invalid", "alt",
)  # fmt: skip
"""Last words of names that lead nowhere in public. (`example` leads nowhere either, and is needed to write about.)"""

OUTSIDE_IPV4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # a cloud's own services, at an address that is public by its number
    )
)  # fmt: skip
"""Of IPv4 everything is public but these."""

GLOBAL_IPV6 = IPv6Network("2000::/3")
"""Of IPv6 nothing is public but this, less what follows. So ::1, v4-mapped, NAT64, private, link-local and multicast
addresses are out, and whatever else is given out one day."""
OUTSIDE_IPV6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID
        "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
    )
)  # fmt: skip
ISATAP = (0x00005EFE, 0x02005EFE)
"""The upper half of an interface's part that wraps an IPv4 address."""

_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029]")
_NAME = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+(xn--[a-z0-9-]*[a-z0-9]|[a-z][a-z0-9-]{0,61}[a-z0-9])")


class BadAddress(ValueError):
    """The address cannot be a webhook's. `problem` says why, as the code of a refusal does."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Target:
    """Where a webhook goes, read once: `url` is the address in its one form, `host` a name in ASCII."""

    url: str
    host: str
    port: int
    is_this_machine: bool = False


def is_public(text: str) -> bool:
    """Whether an address of the network, as a resolver gives it, is public in every reading."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return _is_public_v4(address) if isinstance(address, IPv4Address) else _is_public_v6(address)


def _is_public_v4(address: IPv4Address) -> bool:
    return not any(address in network for network in OUTSIDE_IPV4)


def _is_public_v6(address: IPv6Address) -> bool:
    if address.scope_id is not None or address not in GLOBAL_IPV6:
        return False
    if (int(address) >> 32) & 0xFFFFFFFF in ISATAP:
        return False
    return not any(address in network for network in OUTSIDE_IPV6)


def target_of(text: str, *, to_this_machine: bool = False) -> Target:
    """Read the address of a webhook. With `to_this_machine`, http to this machine at any port is one too.

    Raises BadAddress: "unreadable", "not_https", "userinfo", "fragment", "port", "number", "private_name", "too_long".
    """
    if len(text) > LONGEST_ADDRESS:
        raise BadAddress("too_long")
    if _UNSEEN.search(text):
        raise BadAddress("unreadable")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise BadAddress("unreadable") from None
    if "@" in parts.netloc:
        raise BadAddress("userinfo")
    if "#" in text:
        raise BadAddress("fragment")
    if not f"{parts.path}{parts.query}".isascii() or "%" in parts.netloc:
        raise BadAddress("unreadable")
    if to_this_machine and parts.scheme == "http" and parts.hostname in THIS_MACHINE:
        return _here(parts, port)
    if parts.scheme != "https":
        raise BadAddress("not_https")
    host = _host_of(parts)
    if port not in (None, HTTPS_PORT) or parts.netloc.endswith(":"):
        raise BadAddress("port")
    return Target(_joined("https", host, parts), host, HTTPS_PORT)


def _here(parts: SplitResult, port: int | None) -> Target:
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host
    return Target(_joined("http", f"{shown}:{port or 80}", parts), host, port or 80, is_this_machine=True)


def _host_of(parts: SplitResult) -> str:
    """The name of the host in ASCII. A number in any form is refused: a name is what a certificate speaks for."""
    written = parts.hostname or ""
    if not written:
        raise BadAddress("unreadable")
    if "[" in parts.netloc or ":" in written:
        raise BadAddress("number")
    try:
        host = idna.encode(written, uts46=True, std3_rules=True).decode().lower()
    except (idna.IDNAError, UnicodeError):
        raise BadAddress("unreadable") from None
    last = host.rsplit(".", 1)[-1]
    if last[:1].isdigit() or written.endswith((".", "\u3002", "\uff0e", "\uff61")):
        raise BadAddress("number" if last[:1].isdigit() else "unreadable")
    if last in PRIVATE_NAMES or "." not in host:
        raise BadAddress("private_name")
    if len(host) > 253 or not _NAME.fullmatch(host):
        raise BadAddress("unreadable")
    return host


def _joined(scheme: str, host: str, parts: SplitResult) -> str:
    query = f"?{parts.query}" if parts.query else ""
    return f"{scheme}://{host}{parts.path or '/'}{query}"

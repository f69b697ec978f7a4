"""Money: whole pence of pounds sterling, everywhere but on screen."""

import re
from decimal import Decimal

MOST_PENCE = 10**13
"""A hundred billion pounds: more than any council has, and well inside a 64-bit integer."""

_POUNDS = re.compile(r"£?\s*([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.([0-9]{1,2}))?", re.ASCII)


def pounds(pence: int) -> str:
    """Pence as people write pounds: 1500000 is "£15,000", 499999 is "£4,999.99"."""
    sign = "-" if pence < 0 else ""
    whole, rest = divmod(abs(pence), 100)
    return f"{sign}£{whole:,}.{rest:02d}" if rest else f"{sign}£{whole:,}"


def pence_from(text: str) -> int | None:
    """Read pounds as people type them ("15,000", "£4,999.99"); None when that is not what was typed."""
    match = _POUNDS.fullmatch(text.strip())
    if match is None:
        return None
    whole, rest = match.groups()
    return int(Decimal(f"{whole.replace(',', '')}.{rest or '0'}") * 100)

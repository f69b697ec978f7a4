"""The pages of pledges, by what one does there: offering, deciding, and looking."""

from pipeline.web.pledges import account, authority, deciding, delivering, named, offering, record
from pipeline.web.pledges.showing import blueprint, pledge_line

__all__ = [
    "account",
    "authority",
    "blueprint",
    "deciding",
    "delivering",
    "named",
    "offering",
    "pledge_line",
    "record",
]

"""The pages of pledges, by what one does there: offering, deciding, and looking."""

from pipeline.web.pledges import deciding, offering
from pipeline.web.pledges.showing import blueprint, pledge_line

__all__ = ["blueprint", "deciding", "offering", "pledge_line"]

"""What a signpost must be, and when a council's pledges have come near enough to it for it to be shown."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import urlsplit

from pipeline.kernel.effort import MOST_HALF_DAYS
from pipeline.kernel.errors import Problem, refuse_if_any
from pipeline.kernel.money import MOST_PENCE
from pipeline.kernel.words import Words, _

MOST_SENTENCE = 400
MOST_SOURCE_TITLE = 150
MOST_SOURCE_URL = 300
NINE, TENTHS = 9, 10
"""A signpost is shown from nine tenths of its sum on (rules of the trade, section 5)."""
VAT_PERCENT = 20
"""The standard rate, by which pledges, which are without VAT, are compared with a sum that includes it.

Source: Scottish Procurement Policy Note 4/2025, *Treatment of VAT*, suggests this way of estimating a contract's value.
"""


class SignpostAbout(StrEnum):
    """Which pledges of a council a signpost is about."""

    FUNDING = "funding"
    TIME = "time"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a council has standing in one project: half-days, pence of funding, and the stated worth of things in kind.

    `has_in_kind` is there because a thing may be worth nothing. The worth is never added to anything that is shown.
    """

    half_days: int = 0
    pence: int = 0
    worth_pence: int = 0
    has_in_kind: bool = False

    def __add__(self, other: "Standing") -> "Standing":
        return Standing(
            self.half_days + other.half_days, self.pence + other.pence, self.worth_pence + other.worth_pence,
            self.has_in_kind or other.has_in_kind,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SignpostTerms:
    """A signpost as people write it. It has a sum of `pence`, or of `half_days`, or none.

    `is_with_vat` says that the sum includes VAT. `last_on` is the last day on which it holds; None while nobody knows.
    """

    about: SignpostAbout
    sentence: str
    source_title: str
    source_url: str
    first_on: date | None
    last_on: date | None = None
    pence: int | None = None
    half_days: int | None = None
    is_with_vat: bool = False
    sentence_cy: str = ""


def check_signpost(terms: SignpostTerms) -> None:
    """A signpost says something, gives its source and its first day, and has at most one sum, of what it is about.

    Raises RuleBroken with every problem found.
    """
    problems = [*_problems_of_text(terms), *_problems_of_source(terms), *_problems_of_sum(terms)]
    if terms.first_on is None:
        problems.append(Problem("signpost.first_on_missing", Words(_("Say from which day it holds")), "first_on"))
    elif terms.last_on is not None and terms.last_on < terms.first_on:
        problems.append(
            Problem("signpost.dates_in_order", Words(_("The last day cannot come before the first")), "last_on")
        )
    refuse_if_any(problems)


def _problems_of_text(terms: SignpostTerms) -> list[Problem]:
    problems = []
    if not terms.sentence:
        problems.append(
            Problem("signpost.sentence_missing", Words(_("Write the sentence the council will read")), "sentence")
        )
    for name, text, most in (
        ("sentence", terms.sentence, MOST_SENTENCE),
        ("sentence_cy", terms.sentence_cy, MOST_SENTENCE),
        ("source_title", terms.source_title, MOST_SOURCE_TITLE),
        ("source_url", terms.source_url, MOST_SOURCE_URL),
    ):
        if len(text) > most:
            words = Words(_("Use at most {n} character"), _("Use at most {n} characters"), n=most)
            problems.append(Problem("signpost.too_long", words, name))
    return problems


def _problems_of_source(terms: SignpostTerms) -> list[Problem]:
    problems = []
    if not terms.source_title:
        problems.append(Problem("signpost.source_title_missing", Words(_("Say where this comes from")), "source_title"))
    if not is_https(terms.source_url):
        words = Words(_("Give the address of the source in full, beginning with https://"))
        problems.append(Problem("signpost.source_not_https", words, "source_url"))
    return problems


def is_https(url: str) -> bool:
    """Whether this is the whole address of a page on the web, over an encrypted connection, with nobody's password."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme == "https" and bool(host) and "." in (host or "") and "@" not in parts.netloc and " " not in url


def _problems_of_sum(terms: SignpostTerms) -> list[Problem]:
    one_sum = Words(_("Give a sum in pounds or in days, not both"))
    if terms.pence is not None and terms.half_days is not None:
        return [Problem("signpost.two_sums", one_sum, "pence")]
    if terms.half_days is not None and terms.about is SignpostAbout.FUNDING:
        return [Problem("signpost.other_unit", Words(_("A signpost about funding has a sum in pounds")), "half_days")]
    if terms.pence is not None and terms.about is SignpostAbout.TIME:
        return [Problem("signpost.other_unit", Words(_("A signpost about time has a sum in days")), "pence")]
    if terms.pence is not None and not 1 <= terms.pence <= MOST_PENCE:
        return [Problem("signpost.sum_out_of_range", Words(_("Give a sum of at least one penny")), "pence")]
    if terms.half_days is not None and not 1 <= terms.half_days <= MOST_HALF_DAYS:
        return [Problem("signpost.sum_out_of_range", Words(_("Give at least half a day")), "half_days")]
    return []


def is_near(terms: SignpostTerms, standing: Standing) -> bool:
    """Whether a council's standing pledges to one project have come near a signpost: to nine tenths of its sum.

    One without a sum is near as soon as a pledge it is about stands. One about anything holds its pounds against
    funding and against things in kind at their stated worth, as limits of authority do.
    """
    if terms.half_days is not None:
        return standing.half_days * TENTHS >= terms.half_days * NINE
    pence = standing.pence + (standing.worth_pence if terms.about is SignpostAbout.ANY else 0)
    if terms.pence is not None:
        percent = 100 + VAT_PERCENT if terms.is_with_vat else 100
        return pence * percent * TENTHS >= terms.pence * 100 * NINE
    return {
        SignpostAbout.FUNDING: standing.pence > 0,
        SignpostAbout.TIME: standing.half_days > 0,
        SignpostAbout.ANY: standing.pence > 0 or standing.half_days > 0 or standing.has_in_kind,
    }[terms.about]

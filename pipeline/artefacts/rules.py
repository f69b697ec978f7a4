"""Rules of shared documents: pure, as frozen values and functions. Section 10 of the rules of the trade."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pipeline.artefacts.blocks import blocks_of
from pipeline.kernel.errors import Problem, length_problems, refuse_if_any
from pipeline.kernel.ids import id_from
from pipeline.kernel.text import slug_from
from pipeline.kernel.translation import LANGUAGES
from pipeline.kernel.words import Words, _, day_words

LONGEST_DOCUMENT = 400_000
"""Characters of one version: about 60,000 words, more than any council policy; longer ones are split in two."""

MOST_BLOCKS = 20_000
"""Paragraphs, headings, items, rows and blank lines of one version: ten times what the longest policy has. Two texts of
so many are compared within two seconds."""

LONGEST_TITLE = 120
LONGEST_SUMMARY = 300
LONGEST_SLUG = 80
LONGEST_CHANGE_NOTE = 1_000
LONGEST_REASON = 4_000
LONGEST_APPROVER = 120
MOST_DRAFTS = 20
"""Open drafts of one document."""

MOST_POINTS = 300
"""Points of one checklist."""

DEFAULT_LICENCE = "OGL-UK-3.0"
YEARS_TO_REVIEW = 10
"""So far ahead a review date may lie."""

RESERVED_SLUGS = frozenset({"new", "drafts", "uploads", "licences"})
"""Words that follow /documents/ in an address of their own."""


class ArtefactKind(StrEnum):
    """What a shared document is."""

    POLICY = "policy"
    TEMPLATE = "template"
    AGREEMENT = "agreement"
    BUSINESS_CASE = "business_case"
    SPECIFICATION = "specification"
    RESEARCH = "research"
    TRAINING = "training"
    CHECKLIST = "checklist"
    OTHER = "other"


class ArtefactStatus(StrEnum):
    """A draft has no version yet; an ended one is kept no longer, and its copies stand on their own."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ENDED = "ended"


class VersionStatus(StrEnum):
    """A withdrawn version keeps its text and says *do not use*; a removed one keeps its number and hash alone."""

    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"


class DraftStatus(StrEnum):
    """Where a draft of a version stands."""

    OPEN = "open"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class AdoptionStanding(StrEnum):
    """How a council uses a document."""

    AS_IS = "as_is"
    PREPARING = "preparing"
    ADAPTED = "adapted"
    ENDED = "ended"


class MergeKind(StrEnum):
    """What is taken in: the original's newer version, the document's own, or a suggestion."""

    UPSTREAM = "upstream"
    OWN = "own"
    SUGGESTION = "suggestion"


class MergeStatus(StrEnum):
    """Where a merge stands."""

    OPEN = "open"
    FINISHED = "finished"
    DISCARDED = "discarded"


class SuggestionStatus(StrEnum):
    """Where a suggestion stands. Accepted makes a draft; published says it is in a version."""

    MADE = "made"
    ACCEPTED = "accepted"
    PUBLISHED = "published"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    OVERTAKEN = "overtaken"


class PointAnswer(StrEnum):
    """What a council answers to a point of a checklist."""

    MET = "met"
    PARTLY = "partly"
    NOT_YET = "not_yet"
    NOT_APPLICABLE = "not_applicable"


class PointStanding(StrEnum):
    """What became of a point of a checklist in a new version."""

    SAME = "same"
    REWORDED = "reworded"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class DocumentDetails:
    """What a shared document says of itself besides its text. Its language never changes."""

    kind: ArtefactKind
    summary: str = ""
    review_on: date | None = None


@dataclass(frozen=True, slots=True)
class DraftText:
    """What is written in a draft: title, text in Markdown as it is kept, the licence, and what is new in it."""

    title: str
    text: str = ""
    licence: str = DEFAULT_LICENCE
    change_note: str = ""
    is_major: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A text that another was made from, and the licences a copy of it may carry."""

    title: str
    licence: str
    adapted_under: frozenset[str]


def check_details(details: DocumentDetails, today: date) -> None:
    """The summary fits, and a review date lies ahead. Raises RuleBroken with every problem (artefact.*)."""
    problems = length_problems("artefact", "summary", details.summary, LONGEST_SUMMARY)
    last = date(today.year + YEARS_TO_REVIEW, 12, 31)
    if details.review_on is not None and not today <= details.review_on <= last:
        words = _("Give a review date from today to {last}")
        problems.append(_problem("artefact.review_out_of_range", words, "review_on", last=day_words(last)))
    refuse_if_any(problems)


def check_language(language: str) -> None:
    """A document is in English or Welsh. Raises RuleBroken (artefact.language_unknown)."""
    if language not in LANGUAGES:
        refuse_if_any([_problem("artefact.language_unknown", _("Choose English or Welsh"), "language")])


def check_draft(draft: DraftText) -> None:
    """A draft has a title; the rest may still be missing. Raises RuleBroken with every problem (draft.*)."""
    refuse_if_any(_draft_problems(draft))


def check_version(draft: DraftText) -> None:
    """What becomes a version has a title, a text, and says what is new. Raises RuleBroken with every problem (draft.*).

    A licence it always has; whether the texts it was made from allow that one, `check_licence` says.
    """
    problems = _draft_problems(draft)
    if not draft.text.strip():
        problems.append(_problem("draft.text_missing", _("Write the text, or take it from a file"), "text"))
    if not draft.change_note:
        problems.append(_problem("draft.change_note_missing", _("Say what is new in this version"), "change_note"))
    refuse_if_any(problems)


def check_licence(licence: str, sources: Iterable[Source]) -> None:
    """The licence of a copy is allowed by every text it was made from.

    Raises RuleBroken (draft.licence_not_allowed) naming the first that does not allow it, and which it does.
    """
    for source in sources:
        if licence in source.adapted_under:
            continue
        if not source.adapted_under:
            words = _("“{title}” does not allow copies that differ from it. Adopt it as it is instead")
            refuse_if_any([_problem("draft.licence_not_allowed", words, "licence", title=source.title)])
        words = _("“{title}” is shared under {licence}, so a copy of it can only be shared under: {allowed}")
        allowed = ", ".join(sorted(source.adapted_under))
        values = {"title": source.title, "licence": source.licence, "allowed": allowed}
        refuse_if_any([_problem("draft.licence_not_allowed", words, "licence", **values)])


def check_reason(reason: str, noun: str = "version") -> None:
    """Whoever withdraws or removes something says why. Raises RuleBroken (….reason_missing, ….reason_too_long)."""
    if not reason:
        refuse_if_any([_problem(f"{noun}.reason_missing", _("Say why"), "reason")])
    refuse_if_any(length_problems(noun, "reason", reason, LONGEST_CHANGE_NOTE))


def slug_base(title: str) -> str:
    """The part of a document's address made from its title, with room for a number after it."""
    slug = slug_from(title, LONGEST_SLUG - 8)
    return f"document-{slug}" if slug in RESERVED_SLUGS or id_from(slug) else slug


def _draft_problems(draft: DraftText) -> list[Problem]:
    problems = [] if draft.title else [_problem("draft.title_missing", _("Give it a title"), "title")]
    problems += length_problems("draft", "title", draft.title, LONGEST_TITLE)
    problems += _text_problems(draft.text)
    problems += length_problems("draft", "change_note", draft.change_note, LONGEST_CHANGE_NOTE)
    return problems


def check_text(text: str) -> None:
    """A text is no longer, and in no more paragraphs, than a version may be. Raises RuleBroken (draft.text_too_long,
    draft.too_many_blocks)."""
    refuse_if_any(_text_problems(text))


def _text_problems(text: str) -> list[Problem]:
    problems = length_problems("draft", "text", text, LONGEST_DOCUMENT)
    # Counting lines is quick, and a text has no more blocks than lines.
    if problems or text.count("\n") < MOST_BLOCKS or len(blocks_of(text)) <= MOST_BLOCKS:
        return problems
    words = _("There are more than {most} paragraphs and lines. Take out blank lines, or cut the document in two")
    return [_problem("draft.too_many_blocks", words, "text", most=f"{MOST_BLOCKS:,}")]


def _problem(code: str, sentence: str, field: str, **values: object) -> Problem:
    return Problem(code, Words(sentence, **values), field)

"""Two versions beside each other: of one document, or of two documents of a lineage.

The versions are read, the reading ends, and only then are they compared: no transaction waits for it. What is worth it
is kept for good, after the answer has left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from pipeline.artefacts import policy
from pipeline.artefacts.comparison import summary_words
from pipeline.artefacts.queries import comparing as queries
from pipeline.artefacts.queries.comparing import Offered, Reference, Side
from pipeline.artefacts.queries.seeing import artefact_facts_of, artefact_seen_by
from pipeline.artefacts.rules import VersionStatus
from pipeline.db.work import Reading
from pipeline.http.comparisons import METHOD, check_size, compared
from pipeline.http.entry import anyone
from pipeline.http.language import current_language, gettext, say
from pipeline.http.reading import begin_read, end_read
from pipeline.http.statuses import status_of
from pipeline.kernel.errors import Refusal, RuleBroken
from pipeline.kernel.words import Words, _
from pipeline.web.documents.compared import Shower
from pipeline.web.lessons.panels import answered_panel
from pipeline.web.rendering import revalidated, show, uk_date

blueprint = Blueprint("comparing", __name__)

VIEWS = ("line", "beside")
SHOWN = ("changes", "all")


@blueprint.get("/documents/<slug>/compare")
@anyone
@revalidated
def compare_versions(slug: str) -> Response:
    """What changed from one version to another; without both, a form to choose them from."""
    reading = begin_read()
    artefact, project = artefact_seen_by(reading, slug)
    own, related = queries.offered_for(reading, artefact)
    asked = _Asked.of(reading, artefact.slug or slug)
    may_merge = bool(policy.may_merge(reading.actor, artefact_facts_of(reading, artefact, project)))
    values: dict[str, Any] = {"title": artefact.title, "address": artefact.slug or slug, "asked": asked}
    values["choices"] = _choices(own, related, asked, artefact.slug or slug)
    if asked.problem is not None:
        values["problem"] = say(asked.problem)
        return show("documents/compare.html", 422, **values)
    if asked.old is None or asked.new is None:
        return show("documents/compare.html", **values)
    try:
        old, new = queries.sides_seen_by(reading, asked.old, asked.new)
        check_size(old, new)
    except RuleBroken as refusal:
        return show("documents/compare.html", status_of(refusal), **values, **_refused(refusal, asked))
    values |= {"old": old, "new": new, "names": _names(old, new)}
    if old.is_removed or new.is_removed:
        return show("documents/compare.html", 410, **values)
    # Plain values, all of them: after the reading has ended nothing more is read.
    values["may_take_in"] = may_merge and old.artefact_id == artefact.id and _can_be_taken_in(old, new)
    values |= answered_panel(reading, (old.artefact_id, new.artefact_id), (old.number, new.number))
    kept = queries.kept_comparison(reading, old.id, new.id, METHOD)
    end_read()
    return _shown(values, asked, (old, new), kept)


def _shown(values: dict[str, Any], asked: "_Asked", sides: tuple[Side, Side], kept: str | None) -> Response:
    """The page of a comparison that can be made."""
    old, new = sides
    comparison, keep = compared(old, new, kept)
    shower = Shower(
        comparison, is_beside=asked.view == "beside", is_whole=asked.shown == "all", names=values["names"]
    )  # fmt: skip
    page = shower.shown(asked.part, f"{request.path}?{urlencode(asked.address())}&")
    text_language = new.language if new.language != current_language() else ""
    response = show(
        "documents/compare.html", **values, comparison=comparison, page=page, text_language=text_language,
        summary=say(summary_words(comparison.summary)), url_of=lambda **other: _url_of(asked, **other),
    )  # fmt: skip
    if keep is not None:
        response.call_on_close(keep)
    return response


def _can_be_taken_in(old: Side, new: Side) -> bool:
    """Whether the newer side is another document's, and stands."""
    return old.artefact_id != new.artefact_id and new.status is VersionStatus.PUBLISHED


def _refused(refusal: Refusal, asked: "_Asked") -> dict[str, Any]:
    is_large = refusal.code == "comparison.too_large"
    return {"problem": say(refusal.words), "both": [asked.old, asked.new] if is_large else []}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the address asks for."""

    slug: str
    old: Reference | None
    new: Reference | None
    view: str
    shown: str
    part: int
    problem: Words | None = None

    @classmethod
    def of(cls, reading: Reading, slug: str) -> "_Asked":
        given = request.args
        old_text, new_text = given.get("from", "").strip(), given.get("to", "").strip()
        old, new = queries.reference_from(old_text, slug), queries.reference_from(new_text, slug)
        problem = None
        if (old_text and old is None) or (new_text and new is None) or bool(old_text) != bool(new_text):
            problem = Words(_("Choose two versions to compare."))
        elif not old_text and (latest := queries.neighbours_of(reading, slug)) is not None:
            old, new = Reference(slug, latest[0]), Reference(slug, latest[1])
        part = given.get("part", "")
        return cls(
            slug, old, new,
            view=_one_of(VIEWS, given.get("view")), shown=_one_of(SHOWN, given.get("show")),
            part=int(part) if part.isascii() and part.isdigit() and len(part) < 6 else 1, problem=problem,
        )  # fmt: skip

    def name(self, reference: Reference | None) -> str:
        """How the address names a version: by its number alone where it is one of this document."""
        if reference is None:
            return ""
        return str(reference.number) if reference.slug == self.slug else str(reference)

    def address(self) -> dict[str, str]:
        """The parameters of the page as it is, without the part."""
        return {"from": self.name(self.old), "to": self.name(self.new), "view": self.view, "show": self.shown}


def _one_of(known: tuple[str, ...], given: str | None) -> str:
    return given if given in known else known[0]


def _url_of(asked: _Asked, **other: str) -> str:
    """The page with other parameters: the other view, the other way round, another part."""
    return f"{request.script_root}{request.path}?{urlencode({**asked.address(), **other})}"


def _choices(own: Sequence[Offered], related: Sequence[Offered], asked: _Asked, slug: str) -> dict[str, Any]:
    """What the two lists of the form hold: this document's versions, then those of others of its lineage."""
    known = {one.reference for one in (*own, *related)}
    others = [one for one in (asked.old, asked.new) if one is not None and one not in known]
    return {
        "own": [(str(one.number), _offered_words(one, is_own=True)) for one in own],
        "related": [(str(one.reference), _offered_words(one, is_own=False)) for one in related],
        "others": [(asked.name(one), str(one)) for one in dict.fromkeys(others)],
    }


def _offered_words(one: Offered, *, is_own: bool) -> str:
    number, day = one.number, uk_date(one.published_at)
    if is_own:
        words = Words(_("Version {number}, {day}"), number=number, day=day)
    else:
        sentence = _("{title}, {council}: version {number}, {day}")
        words = Words(sentence, title=one.title, council=one.council, number=number, day=day)
    return gettext(_("%(version)s (withdrawn)")) % {"version": say(words)} if one.is_withdrawn else say(words)


def _names(old: Side, new: Side) -> tuple[str, str]:
    """What the two sides are called: by number alone where they are of one document."""
    if old.artefact_id == new.artefact_id:
        return tuple(say(Words(_("Version {number}"), number=one.number)) for one in (old, new))  # type: ignore[return-value]
    return tuple(
        say(Words(_("{council}, version {number}"), council=one.council, number=one.number)) for one in (old, new)
    )  # type: ignore[return-value]

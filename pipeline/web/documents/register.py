"""The register of a document: who uses which version, since when, how far behind, approved by whom."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for

from pipeline.artefacts import policy
from pipeline.artefacts.actions.recurrences import draft_recurrence
from pipeline.artefacts.adoption_messages import STANDING_NAMES, behind_words
from pipeline.artefacts.models import Artefact
from pipeline.artefacts.policy import ArtefactFacts
from pipeline.artefacts.queries import recurrences, register, seeing
from pipeline.artefacts.queries.recurrences import Recurrence
from pipeline.artefacts.queries.register import ORDERS, RegisterFilters
from pipeline.artefacts.rules import AdoptionStanding, VersionStatus
from pipeline.db.keyset import Place
from pipeline.db.work import Reading
from pipeline.http.cursors import filters_hash, make_cursor, read_cursor
from pipeline.http.entry import anyone, members
from pipeline.http.language import current_language, gettext, ngettext, say
from pipeline.http.reading import begin_read, begin_work
from pipeline.kernel import clock
from pipeline.kernel.spreadsheets import Cell
from pipeline.kernel.words import _
from pipeline.web.csv_tables import csv_answer
from pipeline.web.rendering import revalidated, show, uk_date

blueprint = Blueprint("register", __name__)

ROWS = 50
ON_PANEL = 5
CURSOR = "register"
LATEST = "-started_at"
STANDINGS = (AdoptionStanding.AS_IS, AdoptionStanding.ADAPTED, AdoptionStanding.PREPARING, AdoptionStanding.ENDED)
HOW_FAR = {"yes": _("Behind"), "no": _("Up to date")}


class Line(NamedTuple):
    """An adoption in a row of the table."""

    council: str
    council_url: str
    url: str
    standing: str
    copy_url: str
    copy_title: str | None
    number: int
    is_withdrawn: bool
    behind: str
    since: str
    approved: str


@blueprint.get("/documents/<slug>/register")
@anyone
@revalidated
def show_register(slug: str) -> Response:
    """Who uses a document, the latest first, with filters in the address."""
    reading = begin_read()
    artefact, project = seeing.artefact_seen_by(reading, slug)
    facts = seeing.artefact_facts_of(reading, artefact, project)
    asked = _asked()
    made_for = filters_hash({"of": str(artefact.id), **asked})
    page = register.adoptions_listed(
        reading, _filters(artefact, asked), order=ORDERS[LATEST], limit=ROWS, place=_place(made_for),
        viewer=reading.actor,
    )  # fmt: skip
    here = url_for("register.show_register", slug=slug)
    before, after = (
        f"{here}?{urlencode({**asked, 'cursor': _cursor(one, made_for)})}" if one else None
        for one in (page.before, page.after)
    )
    return show(
        "documents/register.html", artefact=artefact, address=slug, lines=_lines(reading, page.rows), asked=asked,
        here=here, selects=_selects(asked, facts, reading), in_use=bool(asked), summary=_summary(artefact),
        previous_url=before, next_url=after, csv_url=_csv_address(slug, asked), recurring=_recurring(reading, facts),
        json_url=f"/api/v1/artefacts/{slug}/register" if facts.is_public else None,
        text_language=artefact.language if artefact.language != current_language() else "",
    )  # fmt: skip


@blueprint.get("/documents/<slug>/register.csv")
@anyone
@revalidated
def as_csv(slug: str) -> Response:
    """The register as a table to download, narrowed as the page was."""
    reading = begin_read()
    artefact, _project = seeing.artefact_seen_by(reading, slug)
    rows = register.adoptions_exported(reading, _filters(artefact, _asked()), reading.actor)
    live = register.live_numbers_in(reading, [artefact.id])
    header = (
        "council", "gss_code", "standing", "version", "versions_behind", "since", "moved", "approved_by",
        "approved_on", "review_on", "note", "copy",
    )  # fmt: skip
    return csv_answer(f"register-{slug}", header, (_cells(row, live) for row in rows))


def panel_of(reading: Reading, artefact: Artefact, _facts: ArtefactFacts) -> dict[str, Any]:
    """Who uses a document, in short, for `documents/_register.html`: at most two statements."""
    if not artefact.adoptions:
        return {"register_panel": None}
    page = register.adoptions_listed(
        reading, RegisterFilters(artefact=str(artefact.id)), order=ORDERS[LATEST], limit=ON_PANEL
    )
    return {"register_panel": {"lines": _lines(reading, page.rows), "summary": _summary(artefact)}}


def _asked() -> dict[str, str]:
    """What the address asks for. A value nobody offers narrows nothing: old links keep working."""
    given = {name: value.strip() for name, value in request.args.items()}
    asked: dict[str, str] = {}
    if given.get("standing") in STANDINGS:
        asked["standing"] = given["standing"]
    if given.get("behind") in HOW_FAR:
        asked["behind"] = given["behind"]
    number = given.get("version", "")
    if number.isascii() and number.isdigit() and 0 < len(number) < 7:
        asked["version"] = str(int(number))
    if given.get("council"):
        asked["council"] = given["council"][:80]
    return asked


def _filters(artefact: Artefact, asked: dict[str, str]) -> RegisterFilters:
    return RegisterFilters(
        artefact=str(artefact.id), council=asked.get("council"),
        standing=AdoptionStanding(asked["standing"]) if "standing" in asked else None,
        number=int(asked["version"]) if "version" in asked else None,
        is_behind={"yes": True, "no": False}.get(asked.get("behind", "")),
    )  # fmt: skip


def _selects(
    asked: dict[str, str], facts: ArtefactFacts, reading: Reading
) -> list[tuple[str, str, list[tuple[str, str]], str]]:
    """The filters of the form: name, label, options, and what is chosen."""
    standings = [one for one in STANDINGS if one is not AdoptionStanding.PREPARING or facts.has_in_team(reading.actor)]
    return [
        (
            "standing", gettext(_("How it is used")),
            [("", gettext(_("As is or adapted"))), *((one.value, say(STANDING_NAMES[one])) for one in standings)],
            asked.get("standing", ""),
        ),
        (
            "behind", gettext(_("How far behind")),
            [("", gettext(_("Behind or not"))), *((value, gettext(words)) for value, words in HOW_FAR.items())],
            asked.get("behind", ""),
        ),
    ]  # fmt: skip


def _place(made_for: str) -> Place | None:
    if not request.args.get("cursor"):
        return None
    moment, row_id, is_backwards = read_cursor(request.args["cursor"], CURSOR, made_for)
    return Place(datetime.fromisoformat(moment), UUID(row_id), is_backwards)


def _cursor(place: Place, made_for: str) -> str:
    return make_cursor(CURSOR, [place.value, place.id, place.is_backwards], made_for)


def _csv_address(slug: str, asked: dict[str, str]) -> str:
    address = url_for("register.as_csv", slug=slug)
    return f"{address}?{urlencode(asked)}" if asked else address


def _summary(artefact: Artefact) -> str:
    """How many councils use a document, in a sentence or two; from its counters, whatever the page is narrowed to."""
    if not artefact.adoptions:
        return gettext(_("No council has adopted this document yet."))
    councils = ngettext("%(n)s council uses it", "%(n)s councils use it", artefact.adoptions)
    how = gettext(_("%(as_is)s as is, %(adapted)s adapted"))
    numbers = {"as_is": f"{artefact.as_is:,}", "adapted": f"{artefact.adapted:,}"}
    return f"{councils % {'n': f'{artefact.adoptions:,}'}}: {how % numbers}."


def _lines(reading: Reading, rows: Sequence[Any]) -> list[Line]:
    """Adoptions in values a template shows, in one plain loop: what they have in common is said before it."""
    live = register.live_numbers_in(reading, {row.artefact_id for row in rows})
    root = request.script_root
    standings = {one.value: say(words) for one, words in STANDING_NAMES.items()}
    approved = gettext(_("%(body)s, %(day)s"))
    days, distances = _Said(uk_date), _Said(lambda number: say(behind_words(number)))
    lines: list[Line] = []
    for row in rows:
        behind = register.behind_of(row, live)
        body, day = row.approved_by, row.approved_on
        lines.append(Line(
            row.council_short_name, f"{root}/councils/{row.council_slug}", f"{root}/adoptions/{row.id}",
            standings[row.standing], f"{root}/documents/{row.copy_slug}" if row.copy_slug else "", row.copy_title,
            row.number, row.version_status != VersionStatus.PUBLISHED.value,
            "" if row.ended_at else distances[behind], days[clock.uk_date(row.moved_at or row.started_at)],
            approved % {"body": body, "day": days[day]} if body and day else body,
        ))  # fmt: skip
    return lines


class _Said(dict[Any, str]):
    """Values in words, each put into words once: a page of adoptions has few days and few distances."""

    def __init__(self, say_it: Callable[[Any], str]) -> None:
        self.say_it = say_it

    def __missing__(self, value: Any) -> str:
        words = self[value] = self.say_it(value)
        return words


def _cells(row: Any, live: dict[UUID, list[int]]) -> Sequence[Cell]:
    """An adoption as cells: dates as machines write them, words of the API."""
    dates = [
        None if one is None else (one.date() if isinstance(one, datetime) else one).isoformat()
        for one in (row.started_at, row.moved_at, row.approved_on, row.review_on)
    ]
    started, moved, approved_on, review_on = dates
    return (
        row.council_name, row.gss_code, row.standing, row.number, register.behind_of(row, live), started, moved,
        row.approved_by, approved_on, review_on, row.note, row.copy_slug,
    )  # fmt: skip


@blueprint.post("/documents/<slug>/register/draft")
@members
def draft_change(slug: str) -> Response:
    """Start a draft with a change that several councils made alike."""
    with begin_work() as work:
        draft = draft_recurrence(work, slug=slug, key=request.form.get("key", ""))
    flash(gettext(_("Your draft has the change. Read it, then a lead publishes it.")), "success")
    return redirect(url_for("drafts.edit", slug=slug, draft_id=draft.id), 303)  # type: ignore[return-value]


def _recurring(reading: Reading, facts: ArtefactFacts) -> list[dict[str, Any]]:
    """Local changes that several councils made alike, for those who keep the document."""
    if not policy.may_write_draft(reading.actor, facts):
        return []
    return [
        {
            "key": one.key,
            "before": one.before,
            "after": one.after,
            "councils": ", ".join(one.councils),
            "words": ngettext(
                "%(n)s council changed this paragraph alike", "%(n)s councils changed this paragraph alike", one.number
            ) % {"n": one.number},
            "exactly": _exactly(one) if one.variants else "",
            "variants": [(other.after, ", ".join(other.councils)) for other in one.variants],
            "more": _more(one.more_variants) if one.more_variants else "",
        }
        for one in recurrences.recurrences_of(reading, facts.id)
    ]  # fmt: skip


def _exactly(one: Recurrence) -> str:
    words = ngettext(
        "%(n)s of them says exactly this, the others nearly.", "%(n)s of them say exactly this, the others nearly.",
        one.exactly,
    )  # fmt: skip
    return words % {"n": one.exactly}


def _more(number: int) -> str:
    words = ngettext(
        "%(n)s more wording is not shown.", "%(n)s more wordings are not shown.", number
    )  # fmt: skip
    return words % {"n": number}

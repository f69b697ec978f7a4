"""Answering a checklist: point by point for one's own council, and beside what others publish."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_wtf import FlaskForm
from wtforms.validators import ValidationError

from pipeline.artefacts import policy
from pipeline.artefacts.actions import checklists as actions
from pipeline.artefacts.checklist_messages import ANSWER_WORDS
from pipeline.artefacts.checklists import (
    LONGEST_NOTE,
    Answer,
    Answers,
    Point,
    answers_from,
    counts_of,
    explanations_of,
    points_from,
)
from pipeline.artefacts.models import Artefact, Version
from pipeline.artefacts.policy import ArtefactFacts
from pipeline.artefacts.queries import checklists as queries
from pipeline.artefacts.queries.checklists import AnswerFilters, OwnAnswers, checklist_seen_by
from pipeline.artefacts.queries.seeing import current_version_of
from pipeline.artefacts.rules import ArtefactKind, PointAnswer
from pipeline.councils.vocabulary import KIND_BY_VALUE
from pipeline.db.keyset import Place
from pipeline.db.work import Reading
from pipeline.documents.markdown import written
from pipeline.http.cursors import filters_hash, make_cursor, read_cursor
from pipeline.http.entry import anyone, members
from pipeline.http.identity import current_actor
from pipeline.http.language import current_language, gettext, say
from pipeline.http.reading import begin_read, begin_work
from pipeline.http.requests import MOST_BODY_OF_DOCUMENT, takes_up_to
from pipeline.kernel.errors import Conflict, NotFound, RuleBroken
from pipeline.kernel.ids import id_from
from pipeline.kernel.spreadsheets import Cell, safe
from pipeline.kernel.words import Words, _
from pipeline.web.asking import ask, number_in, status_of_form
from pipeline.web.csv_tables import csv_answer
from pipeline.web.forms import Choice, HiddenField, PageForm, Text, YesNo, lazy, problems_onto
from pipeline.web.rendering import label, revalidated, show

blueprint = Blueprint("checklists", __name__)

CURSOR = "checklist-councils"
COUNCILS_ON_PAGE = 8
"""Columns of the table of councils: what one can read across."""

MOST_IN_TABLE = 1_000
"""Councils in a table to download: more than there are."""

POINTS_BETWEEN_SAVES = 5
LONGEST_EXPLANATION = 6_000
_HEADING = re.compile(r"(?m)^ {0,3}#{1,6}[ \t]+(.+?)[ \t]*#*$")


class SureForm(PageForm):
    """A button, and the version of the answers that were looked at."""

    version = HiddenField()


class NoteFits:
    """A note that is no longer than notes are; what is said names its point, for the list of what is wrong."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __call__(self, _form: Any, field: Any) -> None:
        over = len(field.data or "") - LONGEST_NOTE
        if over > 0:
            words = Words(
                _("Point {number}: use {n} character fewer in the note"),
                _("Point {number}: use {n} characters fewer in the note"), n=over, number=self.number,
            )  # fmt: skip
            raise ValidationError(say(words))


def form_of(own: OwnAnswers, *, as_saved: bool = False) -> Any:
    """The form of a council's answers: an answer and a note for each point, and for a reworded one whether it was
    checked again. It holds what was sent, or what is saved where nothing was, or `as_saved`."""
    choices = [*((word.value, say(ANSWER_WORDS[word])) for word in PointAnswer), ("", gettext(_("Not answered yet")))]
    fields: dict[str, Any] = {"version": HiddenField(default=str(own.edit))}
    for number, point in enumerate(own.points, 1):
        saved = own.answers.get(point.id)
        kept = saved.answer.value if saved and saved.answer else ""
        fields[f"answer-{point.id}"] = Choice(lazy(_("Your answer")), choices=choices, default=kept)
        fields[f"note-{point.id}"] = Text(
            lazy(_("Note")), validators=[NoteFits(number)], default=saved.note if saved else ""
        )
        if saved and saved.check_again:
            fields[f"checked-{point.id}"] = YesNo(lazy(_("We have checked this again")))
    made = type("AnswersForm", (PageForm,), fields)
    return made(formdata=None) if as_saved else made()


def given_in(form: FlaskForm, own: OwnAnswers) -> Answers:
    """The answers a form holds. What was to be checked again is checked once it is ticked, or answered otherwise."""
    made: Answers = {}
    for point in own.points:
        word, note = form[f"answer-{point.id}"].data, form[f"note-{point.id}"].data
        answer = PointAnswer(word) if word else None
        saved = own.answers.get(point.id)
        ticked = f"checked-{point.id}" in form and form[f"checked-{point.id}"].data
        is_as_saved = saved is not None and (saved.answer, saved.note) == (answer, note)
        made[point.id] = Answer(answer, note, is_as_saved and not ticked)
    return made


@blueprint.route("/documents/<slug>/answers", methods=["GET", "POST"])
@members
@takes_up_to(MOST_BODY_OF_DOCUMENT)
def answer(slug: str) -> Response:
    """Answer a checklist for one's council, point by point. Each button saves all of the page."""
    ask(policy.may_answer_checklist(current_actor()))
    artefact, current, own = _read(slug)
    if own is None:
        return show("documents/answers_none.html", artefact=artefact, address=slug)
    form = form_of(own)
    status = status_of_form()
    if form.is_sent():
        try:
            with begin_work() as work:
                actions.answer_points(work, slug=slug, version=number_in(form), answers=given_in(form, own))
        except Conflict as refusal:
            return _saved_meanwhile(slug, refusal)
        except RuleBroken as refusal:
            status = problems_onto(form, refusal, {point.id: f"note-{point.id}" for point in own.points})
        else:
            flash(gettext(_("Saved. Only your council sees these answers until you publish them.")), "success")
            return redirect(url_for("checklists.answer", slug=slug) + _place_to_go_on(own), 303)  # type: ignore[return-value]
    return _shown(artefact, current, own, form, slug, status)


def _saved_meanwhile(slug: str, refusal: Conflict) -> Response:
    """The form with what was typed, above it what a colleague saved meanwhile, and what was typed to points that a
    colleague's step to a newer version left behind."""
    artefact, current, own = _read(slug)
    if own is None:
        raise refusal
    form = form_of(own)
    status = problems_onto(form, refusal)
    form.version.data = str(own.edit)
    known = {point.id for point in own.points}
    behind = [
        text for name, text in request.form.items()
        if name.startswith("note-") and name.removeprefix("note-") not in known and text.strip()
    ]  # fmt: skip
    return _shown(artefact, current, own, form, slug, status, Others(_differing(form, own), behind))


@dataclass(frozen=True, slots=True)
class Others:
    """What a colleague saved meanwhile where it is not what was typed, and notes to points that are gone."""

    saved: list[tuple[str, str]]
    behind: list[str]


def _differing(form: Any, own: OwnAnswers) -> list[tuple[str, str]]:
    typed = given_in(form, own)
    rows = []
    for point in own.points:
        kept, mine = own.answers.get(point.id, Answer(None)), typed[point.id]
        if (kept.answer, kept.note) != (mine.answer, mine.note):
            rows.append((point.text, _said(kept)))
    return rows


def _said(answer: Answer) -> str:
    """An answer with its note, in a line."""
    word = say(ANSWER_WORDS[answer.answer]) if answer.answer else gettext(_("Not answered yet"))
    return f"{word}. {answer.note}" if answer.note else word


def _read(slug: str) -> tuple[Artefact, Version | None, OwnAnswers | None]:
    """A checklist, its current version, and the answers of the reader's council; None where nothing can be answered."""
    reading = begin_read()
    artefact, _project = checklist_seen_by(reading, slug)
    current = current_version_of(reading, artefact)
    return artefact, current, _own_or_none(reading, artefact, current)


def _own_or_none(reading: Reading, artefact: Artefact, current: Version | None) -> OwnAnswers | None:
    """The council's answers; None where there is nothing to answer: no version in use and nothing saved, or no
    points."""
    try:
        own = queries.own_answers(reading, artefact, current)
    except NotFound:
        return None
    return own if own.points else None


def _place_to_go_on(own: OwnAnswers) -> str:
    """Where the page is opened again after saving: the first point after the button that was pressed."""
    number = request.form.get("at", "")
    is_place = number.isascii() and number.isdigit() and len(number) < 4 and int(number) < len(own.points)
    return f"#point-{int(number) + 1}" if is_place else ""


def _shown(
    artefact: Artefact, current: Version | None, own: OwnAnswers, form: Any, address: str, status: int,
    others: Others | None = None,
) -> Response:  # fmt: skip
    counted = counts_of(own.answers)
    explained = _explained(own.version)
    values = {
        "points": [_point_of_form(form, own, place, explained[place]) for place in range(len(own.points))],
        "counts": [(say(words), counted[word.value]) for word, words in ANSWER_WORDS.items()],
        "to_check": sum(1 for one in own.answers.values() if one.check_again),
        "newer": current.number if current is not None and current.id != own.version.id else None,
        "has_unpublished": _has_unpublished(own), "text_language": _other_language(artefact),
    }  # fmt: skip
    return show(
        "documents/answers.html", status, artefact=artefact, address=address, form=form, own=own, others=others,
        most_note=LONGEST_NOTE, **values,
    )  # fmt: skip


def _point_of_form(form: Any, own: OwnAnswers, place: int, explanation: str) -> dict[str, Any]:
    """A point with its fields as plain values: one macro a row would cost more than all else on the page."""
    point = own.points[place]
    answer_field, note = form[f"answer-{point.id}"], form[f"note-{point.id}"]
    checked = form._fields.get(f"checked-{point.id}")
    return {
        "id": point.id, "number": place + 1, "text": point.text, "explanation_html": explanation,
        "standing": point.standing.value, "chosen": answer_field.data or "",
        "choices": answer_field.choices, "note": note.data, "problems": [*answer_field.errors, *note.errors],
        "check_again": checked is not None, "is_checked": bool(checked and checked.data),
        "saves_here": (place + 1) % POINTS_BETWEEN_SAVES == 0 and place + 1 < len(own.points),
    }  # fmt: skip


def _explained(version: Version) -> list[str]:
    """What stands under each point, as safe HTML. Headings in it are set in bold: the page has its own."""
    found = explanations_of(version.text)
    if len(found) != len(version.points):  # the version is from before the rule that finds points now
        return [""] * len(version.points)
    short = (one if len(one) <= LONGEST_EXPLANATION else "" for one in found)
    return [written(_HEADING.sub(r"**\1**", one), under=5).html if one else "" for one in short]


def _has_unpublished(own: OwnAnswers) -> bool:
    """Whether publishing would change what everybody sees."""
    row = own.row
    if row is None or own.answered == 0:
        return False
    kept = {point: one.as_json() for point, one in own.answers.items() if one.answer is not None}
    return row.published_at is None or (kept, row.version_id) != (row.published_answers, row.published_version_id)


def _other_language(artefact: Artefact) -> str:
    """The language to mark a document's words with; "" where it is the page's own."""
    return artefact.language if artefact.language != current_language() else ""


@blueprint.post("/documents/<slug>/answers/publish")
@members
def publish(slug: str) -> Response:
    """Publish the council's answers as they were shown."""
    return _act(slug, _("Published. Everybody can see your council’s answers now."), actions.publish_answers)


@blueprint.post("/documents/<slug>/answers/carry-over")
@members
def carry_over(slug: str) -> Response:
    """Take the council's answers over to the newest version."""
    words = _("Your answers are taken over. Look at the points that are new or marked to be checked again.")
    return _act(slug, words, actions.carry_over)


@blueprint.post("/documents/<slug>/answers/unpublish")
@members
def unpublish(slug: str) -> Response:
    """Publish the council's answers no longer."""
    words = _("Only your council sees its answers now.")
    return _act(slug, words, lambda work, slug, version: actions.unpublish(work, slug=slug))


def _act(slug: str, done: str, act: Any) -> Response:
    """Carry out an act on the council's answers and lead back to them; what is wrong is said there."""
    form: Any = SureForm()
    if form.is_sent():
        try:
            with begin_work() as work:
                act(work, slug=slug, version=number_in(form))
        except (RuleBroken, Conflict) as refusal:
            return _refused(slug, refusal)
        flash(gettext(done), "success")
    return redirect(url_for("checklists.answer", slug=slug), 303)  # type: ignore[return-value]


def _refused(slug: str, refusal: RuleBroken | Conflict) -> Response:
    """The page of answers with why an act on them was refused."""
    artefact, current, own = _read(slug)
    if own is None:
        raise refusal
    form = form_of(own, as_saved=True)
    status = problems_onto(form, refusal)
    return _shown(artefact, current, own, form, slug, status)


@blueprint.get("/documents/<slug>/answers/compare")
@anyone
@revalidated
def compare(slug: str) -> Response:
    """What councils publish: of each point how many answer what, and council by council, by name. Nobody is ranked."""
    reading = begin_read()
    artefact, _project = checklist_seen_by(reading, slug)
    current = current_version_of(reading, artefact)
    points = points_from(current.points) if current else ()
    filters = _filters()
    place = _place(slug, filters)
    page = queries.published_by_name(reading, artefact, filters, limit=COUNCILS_ON_PAGE, place=place)
    return show(
        "documents/answers_compare.html",
        artefact=artefact,
        address=slug,
        current=current,
        points=points,
        counts=queries.counts_by_point(reading, artefact, filters),
        councils=[_column(row) for row in page.rows],
        number=queries.number_published(reading, artefact, filters),
        kinds=[("", gettext(_("Any kind"))), *_kind_options(queries.kinds_published(reading, artefact))],
        kind=filters.kind or "",
        answer_words=[(word.value, say(words)) for word, words in ANSWER_WORDS.items()],
        said={word.value: say(words) for word, words in ANSWER_WORDS.items()},
        previous_url=_page_url(slug, filters, page.before),
        next_url=_page_url(slug, filters, page.after),
        text_language=_other_language(artefact),
        may_answer=bool(policy.may_answer_checklist(reading.actor)),
    )


def _filters() -> AnswerFilters:
    """What the address asks for. A kind that nobody offers narrows nothing."""
    kind = request.args.get("kind")
    return AnswerFilters(kind=kind if kind in KIND_BY_VALUE else None)


def _kind_options(kinds: Sequence[str]) -> list[tuple[str, str]]:
    return sorted(((one, label(KIND_BY_VALUE[one])) for one in kinds), key=lambda one: one[1])


def _made_for(slug: str, filters: AnswerFilters) -> str:
    return filters_hash({"slug": slug, "kind": filters.kind})


def _place(slug: str, filters: AnswerFilters) -> Place | None:
    """Where in the list of councils the address is. Raises BadCursor."""
    cursor = request.args.get("cursor")
    if not cursor:
        return None
    name, council_id, is_backwards = read_cursor(cursor, CURSOR, _made_for(slug, filters))
    found = id_from(council_id)
    return Place(name, found, is_backwards) if found else None


def _page_url(slug: str, filters: AnswerFilters, place: Place | None) -> str | None:
    if place is None:
        return None
    cursor = make_cursor(CURSOR, [place.value, str(place.id), place.is_backwards], _made_for(slug, filters))
    return url_for("checklists.compare", slug=slug, cursor=cursor, kind=filters.kind)


def _column(row: Any) -> dict[str, Any]:
    """A council in the table: its name, the version it answers, and its answers by point."""
    return {
        "slug": row.slug, "name": row.short_name, "number": row.number, "is_made_up": row.is_made_up,
        "answers": {point: one["answer"] for point, one in row.published_answers.items()},
        "counts": {word.value: getattr(row, word.value) for word in PointAnswer},
    }  # fmt: skip


@blueprint.get("/documents/<slug>/answers/compare.csv")
@anyone
@revalidated
def compare_csv(slug: str) -> Response:
    """The published answers as a table to download: a row for each point, a column for each council, by name."""
    reading = begin_read()
    artefact, _project = checklist_seen_by(reading, slug)
    current = current_version_of(reading, artefact)
    points = points_from(current.points) if current else ()
    columns = [_column(row) for row in queries.all_published(reading, artefact, _filters(), most=MOST_IN_TABLE)]
    said = {word.value: say(words) for word, words in ANSWER_WORDS.items()}
    header = [gettext(_("Point")), *said.values(), *(f"{one['name']} ({one['number']})" for one in columns)]
    rows: list[list[Cell]] = []
    for point in points:
        words = [one["answers"].get(point.id) for one in columns]
        rows.append([point.text, *(words.count(word) for word in said), *(said.get(word or "", "") for word in words)])
    return csv_answer(f"{slug}-answers", [safe(cell) for cell in header], rows)


@blueprint.get("/documents/<slug>/answers/of/<council>")
@anyone
@revalidated
def show_published(slug: str, council: str) -> Response:
    """What one council publishes, point by point with its notes."""
    reading = begin_read()
    artefact, _project = checklist_seen_by(reading, slug)
    row = queries.published_answers_of(reading, artefact, council)
    answers = answers_from(row.published_answers)
    return show(
        "documents/answers_of.html",
        artefact=artefact,
        address=slug,
        council=row,
        council_name=row.name,
        number=row.number,
        is_newer=artefact.current_number is not None and artefact.current_number > row.number,
        points=[_published_point(point, answers.get(point.id)) for point in points_from(row.points)],
        counts=[(say(words), getattr(row, word.value)) for word, words in ANSWER_WORDS.items()],
        text_language=_other_language(artefact),
    )


def _published_point(point: Point, answer: Answer | None) -> dict[str, Any]:
    word = answer.answer if answer else None
    return {
        "text": point.text, "answer": word.value if word else "", "note": answer.note if answer else "",
        "said": say(ANSWER_WORDS[word]) if word else gettext(_("Not answered yet")),
        "check_again": bool(answer and answer.check_again),
    }  # fmt: skip


def panel_of(reading: Reading, artefact: Artefact, facts: ArtefactFacts) -> dict[str, Any]:
    """What `documents/_answers.html` needs on the page of a document; nothing for one that is no checklist.

    Two queries for a checklist, none otherwise.
    """
    if artefact.kind != ArtefactKind.CHECKLIST or artefact.current_number is None:
        return {"answers_panel": None}
    council_id = reading.actor.council_id
    row = queries.answers_of(reading, artefact, council_id) if council_id is not None else None
    return {
        "answers_panel": {
            "address": artefact.address,
            "published": queries.number_published(reading, artefact, AnswerFilters()),
            "may_answer": bool(policy.may_answer_checklist(reading.actor)),
            "answered": sum(1 for one in row.answers.values() if one["answer"]) if row else 0,
            "is_published": row is not None and row.published_at is not None,
        }
    }

"""Keeping signposts: those of a nation by coordinators, those of one council by its admins."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for

from pipeline.councils.queries import council_seen_by
from pipeline.councils.vocabulary import NATIONS
from pipeline.db.idempotency import AlreadyDone, keep_answer
from pipeline.db.work import Reading, UnitOfWork
from pipeline.http.entry import coordinators, council_admins
from pipeline.http.language import current_language, gettext, say
from pipeline.http.reading import begin_read, begin_work, key_of_form
from pipeline.kernel.clock import today
from pipeline.kernel.errors import Conflict, NotFound, RuleBroken
from pipeline.kernel.words import _
from pipeline.signposts import actions, queries
from pipeline.signposts.messages import ABOUT_WORDS
from pipeline.signposts.rules import (
    MOST_SENTENCE,
    MOST_SOURCE_TITLE,
    MOST_SOURCE_URL,
    SignpostAbout,
    SignpostTerms,
)
from pipeline.web.asking import number_in, status_of_form
from pipeline.web.forms import (
    AtMost,
    Choice,
    Day,
    Days,
    HiddenField,
    Line,
    OnceForm,
    OneOfMany,
    PageForm,
    Pounds,
    Required,
    Text,
    YesNo,
    choices_of,
    lazy,
    problems_onto,
)
from pipeline.web.pledges.showing import content_of
from pipeline.web.rendering import show
from pipeline.web.signposting import lines_of

blueprint = Blueprint("signposts", __name__)


class SignpostForm(OnceForm):
    """A signpost: whose pledges it is about, its sum, its sentence, its source and its days."""

    version = HiddenField()
    nation = OneOfMany(lazy(_("For the councils of which nation?")))
    about = Choice(lazy(_("Which pledges is it about?")), validators=[Required(lazy(_("Say what it is about")))])
    pence = Pounds(
        lazy(_("A sum in pounds (optional)")),
        description=lazy(_("Without a sum it shows as soon as such a pledge stands.")),
    )
    is_with_vat = YesNo(
        lazy(_("The sum includes VAT")),
        description=lazy(_("Pledges are without VAT: 20 per cent is added.")),
    )
    half_days = Days(lazy(_("Or a number of days (optional)")), description=lazy(_("Whole or half days.")))
    sentence = Text(
        lazy(_("What should the council read?")),
        description=lazy(_("One or two sentences that say what begins at this sum. No advice.")),
        validators=[Required(lazy(_("Write the sentence the council will read")))],
        most=MOST_SENTENCE,
        render_kw={"rows": 3},
    )
    sentence_cy = Text(lazy(_("The same in Welsh (optional)")), most=MOST_SENTENCE, render_kw={"rows": 3})
    source_title = Line(
        lazy(_("Where does it come from?")),
        description=lazy(_("For example: Contract procedure rules, part 3.")),
        validators=[Required(lazy(_("Say where this comes from"))), AtMost(MOST_SOURCE_TITLE)],
    )
    source_url = Line(
        lazy(_("The address of the source")),
        description=lazy(_("In full, beginning with https://")),
        validators=[Required(lazy(_("Give the address of the source"))), AtMost(MOST_SOURCE_URL)],
        render_kw={"params": {"type": "url", "autocomplete": "off", "spellcheck": False}},
    )
    first_on = Day(
        lazy(_("From which day does it hold?")), validators=[Required(lazy(_("Say from which day it holds")))]
    )
    last_on = Day(lazy(_("Until which day? (optional)")), description=lazy(_("The last day on which it holds.")))

    def __init__(self, values: Any = None, *, has_nation: bool = False, is_new: bool = True) -> None:
        super().__init__(values, first_on=today()) if values is None else super().__init__(values)
        self.about.choices = [(one.value, say(words)) for one, words in ABOUT_WORDS.items()]
        self.nation.choices = [("", gettext(_("Choose a nation"))), *choices_of(NATIONS)]
        if not has_nation or not is_new:
            del self.nation

    def terms(self) -> SignpostTerms:
        """The signpost as the rules know it."""
        return SignpostTerms(
            about=SignpostAbout(self.about.data), pence=self.pence.data, half_days=self.half_days.data,
            is_with_vat=bool(self.is_with_vat.data) and self.pence.data is not None, sentence=self.sentence.data,
            sentence_cy=self.sentence_cy.data, source_title=self.source_title.data, source_url=self.source_url.data,
            first_on=self.first_on.data, last_on=self.last_on.data,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Keeper:
    """Whose signposts are kept, and under which addresses: those of the nations, or of one council."""

    place: str
    council_id: UUID | None = None
    slug: str | None = None
    council_name: str = ""

    def url(self, verb: str, signpost_id: UUID | None = None) -> str:
        """The address of a page of this keeper."""
        values: dict[str, Any] = {"slug": self.slug} if self.slug else {}
        if signpost_id is not None:
            values["signpost_id"] = signpost_id
        return url_for(f"signposts.{verb}_{self.place}", **values)


NATIONAL = Keeper("national")


def _own(reading: Reading, slug: str) -> Keeper:
    """The council one acts for; another's answers as if there were none. Raises NotFound."""
    council = council_seen_by(reading, slug)
    if council.id != reading.actor.council_id:
        raise NotFound("council")
    name = council.name_cy if council.name_cy and current_language() == "cy" else council.name
    return Keeper("own", council.id, council.slug, name)


@blueprint.get("/coordination/signposts")
@coordinators
def list_national() -> Response:
    """The signposts of the nations."""
    return _list(begin_read(), NATIONAL)


@blueprint.route("/coordination/signposts/new", methods=["GET", "POST"])
@coordinators
def add_national() -> Response:
    """Put up a signpost for the councils of a nation."""
    return _add(begin_read(), NATIONAL)


@blueprint.route("/coordination/signposts/<uuid:signpost_id>/change", methods=["GET", "POST"])
@coordinators
def change_national(signpost_id: UUID) -> Response:
    """Put a signpost of a nation right."""
    return _change(begin_read(), NATIONAL, signpost_id)


@blueprint.route("/coordination/signposts/<uuid:signpost_id>/end", methods=["GET", "POST"])
@coordinators
def end_national(signpost_id: UUID) -> Response:
    """Take a signpost of a nation down."""
    return _end(begin_read(), NATIONAL, signpost_id)


@blueprint.get("/councils/<slug>/settings/signposts")
@council_admins
def list_own(slug: str) -> Response:
    """A council's own signposts, for instance its key-decision limit."""
    reading = begin_read()
    return _list(reading, _own(reading, slug))


@blueprint.route("/councils/<slug>/settings/signposts/new", methods=["GET", "POST"])
@council_admins
def add_own(slug: str) -> Response:
    """Put up a signpost of one's council."""
    reading = begin_read()
    return _add(reading, _own(reading, slug))


@blueprint.route("/councils/<slug>/settings/signposts/<uuid:signpost_id>/change", methods=["GET", "POST"])
@council_admins
def change_own(slug: str, signpost_id: UUID) -> Response:
    """Put a signpost of one's council right."""
    reading = begin_read()
    return _change(reading, _own(reading, slug), signpost_id)


@blueprint.route("/councils/<slug>/settings/signposts/<uuid:signpost_id>/end", methods=["GET", "POST"])
@council_admins
def end_own(slug: str, signpost_id: UUID) -> Response:
    """Take a signpost of one's council down."""
    reading = begin_read()
    return _end(reading, _own(reading, slug), signpost_id)


def _list(reading: Reading, keeper: Keeper) -> Response:
    kept = queries.signposts_kept(reading, keeper.council_id)
    return show(
        "signposts/index.html", keeper=keeper,
        standing=[lines_of(one) for one in kept if one.ended_at is None],
        ended=[lines_of(one) for one in kept if one.ended_at is not None],
    )  # fmt: skip


def _add(reading: Reading, keeper: Keeper) -> Response:
    form = SignpostForm(has_nation=keeper.council_id is None)

    def put_up(work: UnitOfWork) -> None:
        nation = form.nation.data if keeper.council_id is None else None
        actions.add_signpost(work, terms=form.terms(), nation=nation, council_id=keeper.council_id)

    status = status_of_form()
    if form.is_sent():
        done = _carried_out(form, keeper, put_up, _("The signpost is up."))
        if isinstance(done, Response):
            return done
        status = done
    return show("signposts/add.html", status, form=form, keeper=keeper)


def _change(reading: Reading, keeper: Keeper, signpost_id: UUID) -> Response:
    signpost = queries.signpost_kept(reading, signpost_id, keeper.council_id)
    form = SignpostForm(signpost, has_nation=keeper.council_id is None, is_new=False)

    def put_right(work: UnitOfWork) -> None:
        actions.change_signpost(
            work, signpost_id=signpost_id, terms=form.terms(), council_id=keeper.council_id, version=number_in(form)
        )

    status = status_of_form()
    if form.is_sent():
        done = _carried_out(form, keeper, put_right, _("The signpost is changed."))
        if isinstance(done, Response):
            return done
        status = done
    return show("signposts/change.html", status, form=form, keeper=keeper, signpost_id=signpost_id)


def _end(reading: Reading, keeper: Keeper, signpost_id: UUID) -> Response:
    signpost = queries.signpost_kept(reading, signpost_id, keeper.council_id)
    form = PageForm()
    status = 200
    if form.is_sent():
        try:
            with begin_work() as work:
                actions.end_signpost(work, signpost_id=signpost_id, council_id=keeper.council_id)
        except Conflict as refusal:
            status = problems_onto(form, refusal)
            signpost = queries.signpost_kept(begin_read(), signpost_id, keeper.council_id)
        else:
            flash(gettext(_("The signpost has ended and is no longer shown.")), "success")
            return redirect(keeper.url("list"), 303)  # type: ignore[return-value]
    return show("signposts/end.html", status, form=form, keeper=keeper, signpost=lines_of(signpost))


def _carried_out(
    form: SignpostForm, keeper: Keeper, carry_out: Callable[[UnitOfWork], None], done_words: str
) -> Response | int:
    """Do it once: the way back to the list, or the status of a refusal that now stands on the form."""
    key = key_of_form(form.idempotency_key.data or "", content_of(form))
    address = keeper.url("list")
    try:
        with begin_work(key) as work:
            carry_out(work)
            keep_answer(work.session, key, address)
    except AlreadyDone:
        return redirect(address, 303)  # type: ignore[return-value]
    except (RuleBroken, Conflict) as refusal:
        return problems_onto(form, refusal)
    flash(gettext(done_words), "success")
    return redirect(address, 303)  # type: ignore[return-value]

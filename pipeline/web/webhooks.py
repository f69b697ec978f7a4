"""Webhooks of a council: made and looked after by its officers, with what became of every message."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for

from pipeline.councils.models import Council
from pipeline.councils.queries import council_seen_by
from pipeline.db.idempotency import AlreadyDone, keep_answer
from pipeline.db.keyset import Place
from pipeline.db.work import Reading, UnitOfWork
from pipeline.http.cursors import OF_EVENTS, BadCursor, make_cursor, read_cursor
from pipeline.http.entry import members
from pipeline.http.language import current_language, gettext, say
from pipeline.http.reading import begin_read, begin_work, key_of_form
from pipeline.kernel.clock import UK
from pipeline.kernel.errors import Conflict, Gone, NotFound, Refusal, RuleBroken
from pipeline.kernel.words import Words, _
from pipeline.web.asking import number_in, status_of_form
from pipeline.web.forms import (
    AtMost,
    Choices,
    Day,
    HiddenField,
    Line,
    OnceForm,
    PageForm,
    Required,
    YesNo,
    lazy,
    problems_onto,
)
from pipeline.web.pledges.showing import content_of
from pipeline.web.rendering import show
from pipeline.web.webhook_lines import delivery_line, kind_choices, webhook_line
from pipeline.webhooks import queries
from pipeline.webhooks.actions import keeping, sending
from pipeline.webhooks.actions.keeping import NewSecret
from pipeline.webhooks.addresses import LONGEST_ADDRESS
from pipeline.webhooks.models import Webhook
from pipeline.webhooks.queries import ORDERS
from pipeline.webhooks.rules import LONGEST_DESCRIPTION, MOST_WEBHOOKS, DeliveryStatus, WebhookTerms
from pipeline.webhooks.signing import secret_of

blueprint = Blueprint("webhooks", __name__)
BASE = "/councils/<slug>/settings/webhooks"
ONE = f"{BASE}/<uuid:webhook_id>"
CURSOR = "webhook-deliveries"
ROWS = 25
MOST_CURSOR = 1_000
LONGEST_SLUG = 120


class WebhookForm(OnceForm):
    """Where a webhook goes, and what it is told."""

    version = HiddenField()
    address = Line(
        lazy(_("Where should we send messages?")),
        description=lazy(_("The address of your own system. It begins with https:// and answers within 15 seconds.")),
        validators=[Required(lazy(_("Give the address of your system"))), AtMost(LONGEST_ADDRESS)],
        render_kw={"params": {"type": "url", "autocomplete": "off", "spellcheck": False}},
    )
    description = Line(
        lazy(_("What is it for? (optional)")),
        description=lazy(_("For your council only. For example: our website.")),
        validators=[AtMost(LONGEST_DESCRIPTION)],
    )
    kinds = Choices(
        lazy(_("What should it be told of? (optional)")),
        description=lazy(_("Only what everybody may read. Leave all empty to be told of everything.")),
    )
    only_council = Line(
        lazy(_("Only what one council does, and what happens in its projects? (optional)")),
        description=lazy(_("The last part of the address of its page, for example leeds.")),
        validators=[AtMost(LONGEST_SLUG)],
    )
    only_project = Line(
        lazy(_("Only one project? (optional)")),
        description=lazy(_("The last part of the address of its page.")),
        validators=[AtMost(LONGEST_SLUG)],
    )

    def __init__(self, values: Any = None, *, kinds: tuple[str, ...] = ()) -> None:
        super().__init__(values)
        self.kinds.choices = kind_choices(kinds)

    def terms(self, reading: Reading) -> WebhookTerms:
        """What was typed, as the rules know it. Raises RuleBroken."""
        terms = WebhookTerms(
            address=self.address.data, description=self.description.data, kinds=tuple(self.kinds.data or ())
        )
        return queries.narrowed_to(
            reading, terms, council=self.only_council.data, project=self.only_project.data,
            to_this_machine=_to_this_machine(),
        )  # fmt: skip


class RotateForm(OnceForm):
    """Whether the old secret ends at once."""

    at_once = YesNo(
        lazy(_("End the old secret at once")),
        description=lazy(_("Tick this if somebody else may have it. Messages fail until your system has the new one.")),
    )


class ReplayForm(OnceForm):
    """From where to send again."""

    since_on = Day(
        lazy(_("From which day? (optional)")), description=lazy(_("Leave both empty to begin with the first event."))
    )
    after = Line(
        lazy(_("After which place in the log of events? (optional)")),
        description=lazy(_("What follows “after=” in a link of the API’s events.")),
        validators=[AtMost(MOST_CURSOR)],
    )


@blueprint.get(BASE)
@members
def list_webhooks(slug: str) -> Response:
    """The webhooks one looks after: one's own, or all of the council for its admins."""
    reading = begin_read()
    council = _own(reading, slug)
    lines = [webhook_line(one) for one in queries.webhooks_seen_by(reading)]
    return show("webhooks/index.html", lines=lines, most=MOST_WEBHOOKS, **_named(council))


@blueprint.route(f"{BASE}/new", methods=("GET", "POST"))
@members
def make_webhook(slug: str) -> Response:
    """Make a webhook, and show its secret: this once."""
    council = _own(begin_read(), slug)
    form = WebhookForm()

    def make(work: UnitOfWork) -> NewSecret:
        return keeping.make_webhook(work, terms=form.terms(work), to_this_machine=_to_this_machine())

    status = status_of_form()
    if form.is_sent():
        done = _carried_out(form, url_for("webhooks.list_webhooks", slug=slug), make)
        if not isinstance(done, int):
            return _shown_once(council, done)
        status = done
    return show("webhooks/make.html", status, form=form, **_named(council))


@blueprint.get(ONE)
@members
def show_webhook(slug: str, webhook_id: UUID) -> Response:
    """A webhook: how it does, and what became of its messages."""
    reading = begin_read()
    council = _own(reading, slug)
    read = queries.webhook_in_full(reading, webhook_id)
    wanted = request.args.get("status", "")
    status = wanted if wanted in tuple(DeliveryStatus) else None
    cursor = request.args.get("cursor", "")
    made_for = f"{webhook_id}:{status}"
    place = _place(read_cursor(cursor, CURSOR, made_for)) if cursor else None
    page = queries.deliveries_to(
        reading, webhook_id, order=ORDERS["-created_at"], limit=ROWS, place=place, status=status
    )

    def address(at: Place | None) -> str | None:
        if at is None:
            return None
        marker = make_cursor(CURSOR, [at.value, at.id, at.is_backwards], made_for)
        return url_for("webhooks.show_webhook", slug=slug, webhook_id=webhook_id, cursor=marker, status=status)

    return show(
        "webhooks/show.html", line=webhook_line(read), deliveries=[delivery_line(row) for row in page.rows],
        previous_url=address(page.before), next_url=address(page.after), wanted=status, **_named(council),
    )  # fmt: skip


@blueprint.route(f"{ONE}/change", methods=("GET", "POST"))
@members
def change_webhook(slug: str, webhook_id: UUID) -> Response:
    """Change where a webhook goes and what it is told."""
    reading = begin_read()
    council = _own(reading, slug)
    read = queries.webhook_in_full(reading, webhook_id)
    form = WebhookForm(_values_of(read), kinds=tuple(read.webhook.kinds))

    def change(work: UnitOfWork) -> Webhook:
        return keeping.change_webhook(
            work, webhook_id=webhook_id, terms=form.terms(work), version=number_in(form),
            to_this_machine=_to_this_machine(),
        )  # fmt: skip

    status = status_of_form()
    if form.is_sent():
        done = _carried_out(form, _address(slug, webhook_id), change)
        if not isinstance(done, int):
            return _back(slug, webhook_id, done, _("The webhook is changed."))
        status = done
    return show("webhooks/change.html", status, form=form, webhook_id=webhook_id, **_named(council))


@blueprint.route(f"{ONE}/rotate-secret", methods=("GET", "POST"))
@members
def rotate_secret(slug: str, webhook_id: UUID) -> Response:
    """Give a webhook a new secret, and show it: this once."""
    reading = begin_read()
    council = _own(reading, slug)
    line = webhook_line(queries.webhook_in_full(reading, webhook_id))
    form = RotateForm()

    def rotate(work: UnitOfWork) -> NewSecret:
        return keeping.rotate_secret(work, webhook_id=webhook_id, is_at_once=bool(form.at_once.data))

    status = status_of_form()
    if form.is_sent():
        done = _carried_out(form, _address(slug, webhook_id), rotate)
        if not isinstance(done, int):
            return _shown_once(council, done)
        status = done
    return show("webhooks/rotate_secret.html", status, form=form, line=line, **_named(council))


@blueprint.route(f"{ONE}/replay", methods=("GET", "POST"))
@members
def replay_webhook(slug: str, webhook_id: UUID) -> Response:
    """Send past events again."""
    reading = begin_read()
    council = _own(reading, slug)
    line = webhook_line(queries.webhook_in_full(reading, webhook_id))
    form = ReplayForm()
    if request.method == "GET":
        form.after.data = request.args.get("after", "")[:MOST_CURSOR]
    status = status_of_form()
    if form.is_sent():
        done = _carried_out(form, _address(slug, webhook_id), _again(form, webhook_id))
        if not isinstance(done, int):
            return done if isinstance(done, Response) else _replayed(slug, webhook_id, done)
        status = done
    return show("webhooks/replay.html", status, form=form, line=line, **_named(council))


def _again(form: ReplayForm, webhook_id: UUID) -> Callable[[UnitOfWork], sending.Replayed]:
    """What replays as the form says. Raises BadCursor for a place that is none."""

    def again(work: UnitOfWork) -> sending.Replayed:
        place = read_cursor(form.after.data, OF_EVENTS, name="after")[0] if form.after.data else None
        day = form.since_on.data
        since = datetime.combine(day, time(), UK) if day else None
        return sending.replay(work, webhook_id=webhook_id, after=UUID(place) if place else None, since=since)

    return again


def _replayed(slug: str, webhook_id: UUID, done: sending.Replayed) -> Response:
    sentence = Words(_("{n} event is being sent again."), _("{n} events are being sent again."), n=done.number)
    flash(say(sentence), "success")
    if not done.has_more:
        return redirect(_address(slug, webhook_id), 303)  # type: ignore[return-value]
    after = make_cursor(OF_EVENTS, [done.last_id])
    flash(gettext(_("There are more. Send this form again for those that follow.")), "info")
    return redirect(url_for("webhooks.replay_webhook", slug=slug, webhook_id=webhook_id, after=after), 303)  # type: ignore[return-value]


@blueprint.route(f"{ONE}/turn-off", methods=("GET", "POST"))
@members
def turn_off(slug: str, webhook_id: UUID) -> Response:
    """Turn a webhook off."""
    return _confirmed(
        slug, webhook_id, "webhooks/turn_off.html", _address(slug, webhook_id), _("The webhook is turned off."),
        lambda work: keeping.disable_webhook(work, webhook_id=webhook_id),
    )  # fmt: skip


@blueprint.route(f"{ONE}/delete", methods=("GET", "POST"))
@members
def delete_webhook(slug: str, webhook_id: UUID) -> Response:
    """Delete a webhook with its secrets and the record of its messages."""
    return _confirmed(
        slug, webhook_id, "webhooks/delete.html", url_for("webhooks.list_webhooks", slug=slug),
        _("The webhook is deleted."), lambda work: keeping.delete_webhook(work, webhook_id=webhook_id),
    )  # fmt: skip


@blueprint.post(f"{ONE}/test")
@members
def test_webhook(slug: str, webhook_id: UUID) -> Response:
    """Send a ping."""
    words = _("A ping is on its way. Load this page again in a moment to see what came of it.")
    return _at_once(slug, webhook_id, lambda work: sending.test_webhook(work, webhook_id=webhook_id), words)


@blueprint.post(f"{ONE}/turn-on")
@members
def turn_on(slug: str, webhook_id: UUID) -> Response:
    """Turn a webhook on again."""
    words = _("A ping is on its way. Once it is answered, the webhook is told of events again.")
    return _at_once(slug, webhook_id, lambda work: keeping.enable_webhook(work, webhook_id=webhook_id), words)


@blueprint.post(f"{ONE}/deliveries/<uuid:delivery_id>/send-again")
@members
def send_again(slug: str, webhook_id: UUID, delivery_id: UUID) -> Response:
    """Send one message again."""
    words = _("The message is on its way again.")
    return _at_once(
        slug, webhook_id, lambda work: sending.redeliver(work, webhook_id=webhook_id, delivery_id=delivery_id), words
    )


def _own(reading: Reading, slug: str) -> Council:
    """The council one acts for; another's answers as if there were none. Raises NotFound."""
    council = council_seen_by(reading, slug)
    if council.id != reading.actor.council_id:
        raise NotFound("council")
    return council


def _named(council: Council) -> dict[str, Any]:
    name = council.name_cy if council.name_cy and current_language() == "cy" else council.name
    return {"slug": council.slug, "council_name": name}


def _address(slug: str, webhook_id: UUID) -> str:
    return url_for("webhooks.show_webhook", slug=slug, webhook_id=webhook_id)


def _place(position: list[Any]) -> Place:
    moment, row_id, is_backwards = position
    return Place(datetime.fromisoformat(moment), UUID(row_id), is_backwards)


def _values_of(read: queries.WebhookRead) -> Any:
    """A webhook as its form shows it."""
    from types import SimpleNamespace

    webhook = read.webhook
    return SimpleNamespace(
        version=webhook.version, address=webhook.address, description=webhook.description, kinds=webhook.kinds,
        only_council=read.only_council.slug if read.only_council else "",
        only_project=read.only_project.slug or str(read.only_project.id) if read.only_project else "",
    )  # fmt: skip


def _to_this_machine() -> bool:
    is_allowed: bool = current_app.config["SETTINGS"].webhooks_to_this_machine
    return is_allowed


def _carried_out(form: OnceForm, address: str, act: Callable[[UnitOfWork], Any]) -> Any:
    """Do it once: what came of it, the way back where it was done before, or the status of a refusal that now stands
    on the form. Nothing of a secret is kept with the key."""
    key = key_of_form(form.idempotency_key.data or "", content_of(form))
    try:
        with begin_work(key) as work:
            done = act(work)
            keep_answer(work.session, key, address)
    except AlreadyDone:
        flash(
            gettext(_("This was done already. A secret is shown only once: make a new one if you did not keep it.")),
            "info",
        )
        return redirect(address, 303)
    except (RuleBroken, Conflict, Gone, BadCursor) as refusal:
        return problems_onto(form, refusal)
    return done


def _shown_once(council: Council, done: NewSecret | Response) -> Response:
    if isinstance(done, Response):
        return done
    secret = secret_of(current_app.config["SECRET_KEY"], done.secret_id)
    return show("webhooks/secret.html", secret=secret, webhook_id=done.webhook.id, **_named(council))


def _back(slug: str, webhook_id: UUID, done: Any, sentence: str) -> Response:
    if isinstance(done, Response):
        return done
    flash(gettext(sentence), "success")
    return redirect(_address(slug, webhook_id), 303)  # type: ignore[return-value]


def _confirmed(
    slug: str, webhook_id: UUID, template: str, address: str, sentence: str, act: Callable[[UnitOfWork], Any]
) -> Response:
    """Ask whether somebody is sure, and do it."""
    reading = begin_read()
    council = _own(reading, slug)
    line = webhook_line(queries.webhook_in_full(reading, webhook_id))
    form = PageForm()
    status = status_of_form()
    if form.is_sent():
        try:
            with begin_work() as work:
                act(work)
        except Conflict as refusal:
            status = problems_onto(form, refusal)
        else:
            flash(gettext(sentence), "success")
            return redirect(address, 303)  # type: ignore[return-value]
    return show(template, status, form=form, line=line, **_named(council))


def _at_once(slug: str, webhook_id: UUID, act: Callable[[UnitOfWork], Any], sentence: str) -> Response:
    """Do a small act and go back to the webhook, with what came of it or why not."""
    _own(begin_read(), slug)
    try:
        with begin_work() as work:
            act(work)
    except Conflict as refusal:
        _say_why_not(refusal)
    else:
        flash(gettext(sentence), "success")
    return redirect(_address(slug, webhook_id), 303)  # type: ignore[return-value]


def _say_why_not(refusal: Refusal) -> None:
    flash(say(refusal.words), "error")

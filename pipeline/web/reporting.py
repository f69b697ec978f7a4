"""Reporting what should not stand: for anybody, signed in or not."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from pipeline.http.entry import anyone
from pipeline.http.identity import current_identity
from pipeline.http.language import gettext
from pipeline.http.reading import begin_read
from pipeline.kernel.errors import NotFound
from pipeline.kernel.words import _
from pipeline.moderation.actions import report_thing
from pipeline.moderation.messages import REASON_NAMES
from pipeline.moderation.rules import LONGEST_WORDS, Reported, ReportReason
from pipeline.moderation.subjects import public_thing
from pipeline.web.accounts.signing_in import slowed, try_once
from pipeline.web.forms import Choice, OnceForm, Required, Text, YesNo, lazy
from pipeline.web.one_form import one_form
from pipeline.web.rendering import show

blueprint = Blueprint("reporting", __name__)


class ReportForm(OnceForm):
    """What is wrong, in a word and in words of one's own; an officer may be told what came of it."""

    reason = Choice(
        lazy(_("What is wrong with it?")),
        choices=tuple((reason.value, lazy(words.sentence)) for reason, words in REASON_NAMES.items()),
        validators=[Required(lazy(_("Say what is wrong")))],
    )
    words = Text(
        lazy(_("Tell us more")),
        description=lazy(_("For example which passage it is. Do not repeat private details here.")),
        most=LONGEST_WORDS,
        render_kw={"rows": 5},
    )
    is_to_be_answered = YesNo(lazy(_("Tell me by e-mail what comes of it")))


@blueprint.route("/report/<kind>/<uuid:thing_id>", methods=["GET", "POST"])
@anyone
def report(kind: str, thing_id: UUID) -> Response:
    """Report something public. Nothing is said of who else reported it."""
    thing = public_thing(begin_read(), kind_named(kind), thing_id)
    form: Any = ReportForm()
    is_officer = current_identity() is not None
    if not is_officer:
        del form.is_to_be_answered
    title, back = thing.title, f"{request.script_root}{thing.path}"

    def page() -> dict[str, Any]:
        return {
            "heading": gettext(_("Report something")), "lead": title, "back_url": back, "back_words": title,
            "reads": gettext(_("Only the coordinators read this.")), "submits": gettext(_("Send the report")),
        }  # fmt: skip

    if not is_officer and form.is_sent():
        attempt = try_once("report", "")
        if attempt.wait_until is not None:
            action = f"{request.script_root}{request.path}"
            return slowed(form, "interests/write.html", attempt.wait_until, action=action, **page())
    return one_form(
        form,
        lambda work: report_thing(
            work, about=thing.kind, about_id=thing.id, reason=ReportReason(form.reason.data), words=form.words.data,
            is_to_be_answered=is_officer and bool(form.is_to_be_answered.data),
        ),
        after=url_for("reporting.report_sent"), said=_("Your report is sent."), page=page,
    )  # fmt: skip


@blueprint.get("/report/sent")
@anyone
def report_sent() -> Response:
    """What happens with a report."""
    return show("moderation/report_sent.html")


def kind_named(kind: str) -> Reported:
    """A kind of thing, as addresses name it. Raises NotFound."""
    try:
        return Reported(kind)
    except ValueError:
        raise NotFound("page") from None

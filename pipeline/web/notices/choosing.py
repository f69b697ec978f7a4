"""Choosing how one is told of each kind of news, and ending e-mails by the link in one of them."""

from typing import Any

from flask import Response, current_app, flash, redirect, request, url_for

from pipeline.db.work import unit_of_work
from pipeline.http.entry import anyone, officers
from pipeline.http.language import gettext, say
from pipeline.http.reading import begin_read, begin_work, end_read
from pipeline.kernel.actor import Actor, Channel
from pipeline.kernel.errors import NotFound, RuleBroken
from pipeline.kernel.words import Words, _
from pipeline.notifications import actions
from pipeline.notifications.kinds import WHAT_IT_IS
from pipeline.notifications.notice_queries import own_preferences
from pipeline.notifications.preferences import How, Preferences, QuietHours, Sort
from pipeline.notifications.unsubscribing import AT_ONCE, DIGESTS, Unsubscribed, unsubscribed_by
from pipeline.web.asking import status_of_form
from pipeline.web.forms import OneOfMany, PageForm, lazy, problems_onto
from pipeline.web.notices.showing import blueprint
from pipeline.web.rendering import show

HOW_WORDS = {
    How.AT_ONCE: _("At once"),
    How.DAILY: _("Once a day, on working days"),
    How.WEEKLY: _("Once a week"),
    How.NEVER: _("Not by e-mail"),
}
HOWS = [(how.value, lazy(words)) for how, words in HOW_WORDS.items()]
USUAL_HOURS = "usual"
HOURS = [(str(hour), f"{hour:02}:00") for hour in range(24)]
WHAT_ENDS = {
    **{sort.value: words for sort, words in WHAT_IT_IS.items()},
    DIGESTS: Words(_("Digests")),
    AT_ONCE: Words(_("E-mails at once")),
}


class ChooseForm(PageForm):
    """How one is told of each kind of news, and between which hours not."""

    waiting = OneOfMany(lazy(WHAT_IT_IS[Sort.WAITING].sentence), choices=HOWS)
    part = OneOfMany(lazy(WHAT_IT_IS[Sort.PART].sentence), choices=HOWS)
    documents = OneOfMany(lazy(WHAT_IT_IS[Sort.DOCUMENTS].sentence), choices=HOWS)
    council = OneOfMany(lazy(WHAT_IT_IS[Sort.COUNCIL].sentence), choices=HOWS)
    following = OneOfMany(lazy(WHAT_IT_IS[Sort.FOLLOWING].sentence), choices=HOWS)
    quiet_first = OneOfMany(lazy(_("Send nothing from")), choices=[])
    quiet_last = OneOfMany(lazy(_("Until")), choices=HOURS)


@blueprint.route("/account/notices", methods=["GET", "POST"])
@officers
def choose() -> Response:
    """Choose which e-mails one gets, how often, and at which hours not."""
    form: Any = ChooseForm(_values(own_preferences(begin_read())))
    form.quiet_first.choices = [(USUAL_HOURS, gettext(_("Pipeline’s own quiet hours"))), *HOURS]
    status = status_of_form()
    if form.is_sent():
        try:
            with begin_work() as work:
                actions.choose_mail(work, chosen=_chosen(form))
        except RuleBroken as refusal:
            status = problems_onto(form, refusal)
        else:
            flash(gettext(_("Your choice is kept.")), "success")
            return redirect(url_for("notices.choose"), 303)  # type: ignore[return-value]
    return show("notices/choose.html", status, form=form)


class _Values:
    """What the form is filled from."""

    def __init__(self, values: dict[str, str]) -> None:
        self.__dict__.update(values)


def _values(chosen: Preferences) -> _Values:
    how = {sort.value: one.value for sort, one in chosen.how.items()}
    first = USUAL_HOURS if chosen.quiet is None else str(chosen.quiet.first)
    last = "7" if chosen.quiet is None else str(chosen.quiet.last)
    return _Values(how | {"quiet_first": first, "quiet_last": last})


def _chosen(form: Any) -> Preferences:
    how = {sort: How(form[sort.value].data) for sort in Sort if form[sort.value].data}
    quiet = None
    if form.quiet_first.data not in ("", USUAL_HOURS) and form.quiet_last.data:
        quiet = QuietHours(int(form.quiet_first.data), int(form.quiet_last.data))
    return Preferences(how, quiet)


@blueprint.route("/unsubscribe/<token>", methods=["GET", "POST"])
@anyone
def unsubscribe(token: str) -> Response:
    """End e-mails of a kind, without signing in: by one click of a mail program (RFC 8058), or by the button here.

    The token stands for the officer, so no form token is asked for. Opening the page does nothing: scanners open links.
    """
    one = unsubscribed_by(current_app.config["SECRET_KEY"], token)
    if one is None:
        raise NotFound("unsubscribe")
    is_done = request.method == "POST"
    if is_done:
        _end(one)
    return show("notices/unsubscribe.html", what=say(WHAT_ENDS[one.what]), is_done=is_done)


def _end(one: Unsubscribed) -> None:
    end_read()
    with unit_of_work(Actor(Channel.WEB, one.officer_id)) as work:
        actions.end_mail(work, unsubscribed=one)

"""One's API tokens: made, shown once, listed, revoked. A program acts with one, for its officer and one council."""

from uuid import UUID

from flask import Response, flash, redirect, request, url_for

from pipeline.accounts import actions, queries
from pipeline.accounts.tokens import LIFETIMES, MOST_NAME, SCOPE_WORDS, USUAL_LIFETIME, Scope, WhyEnded
from pipeline.db.idempotency import AlreadyDone
from pipeline.http.entry import members, officers
from pipeline.http.language import gettext, say
from pipeline.http.reading import begin_read, begin_work, key_of_form
from pipeline.kernel import clock
from pipeline.kernel.errors import Conflict, RuleBroken
from pipeline.kernel.words import Words, _
from pipeline.web.accounts.account import signed_in
from pipeline.web.accounts.blueprint import blueprint
from pipeline.web.accounts.signing_in import refused_on, secret_key, source
from pipeline.web.forms import AtMost, Choice, Choices, Line, OnceForm, Required, lazy
from pipeline.web.rendering import show

ENDED_WORDS: dict[WhyEnded, Words] = {
    WhyEnded.REVOKED: Words(_("You revoked it.")),
    WhyEnded.BY_ITSELF: Words(_("The program that used it revoked it.")),
    WhyEnded.EXPIRED: Words(_("It has expired.")),
    WhyEnded.UNUSED: Words(_("Nobody had used it for 180 days.")),
    WhyEnded.LEFT: Words(_("Your place in the council ended.")),
    WhyEnded.LEAKED: Words(_("Somebody found it in public and reported it.")),
    WhyEnded.PASSWORD: Words(_("Your password was changed.")),
}


class TokenForm(OnceForm):
    """What the token is for, what it may do, and for how long."""

    name = Line(
        lazy(_("What is the token for?")),
        description=lazy(_("Only you read this. For example: our website, or the finance system.")),
        validators=[Required(lazy(_("Say what the token is for"))), AtMost(MOST_NAME)],
    )
    scopes = Choices(
        lazy(_("What may a program do with it?")),
        description=lazy(_("Choose as little as it needs. It can never do more than you can do yourself.")),
        validators=[Required(lazy(_("Choose what the token may do")))],
    )
    days = Choice(lazy(_("How long does it work?")), validators=[Required(lazy(_("Choose how long the token works")))])

    def __init__(self) -> None:
        super().__init__(data={"scopes": [Scope.READ.value], "days": str(USUAL_LIFETIME)})
        self.scopes.choices = [(scope.value, say(words)) for scope, words in SCOPE_WORDS.items()]
        self.days.choices = [(str(days), say(Words(_("{n} day"), _("{n} days"), n=days))) for days in LIFETIMES]


@blueprint.get("/account/tokens")
@officers
def tokens() -> Response:
    """One's tokens: what each may do, until when, and when it was last used."""
    rows = [
        {"token": one, "scopes": [say(SCOPE_WORDS[scope]) for scope in one.scopes], "ended": _ended(one)}
        for one in queries.own_tokens(begin_read())
    ]
    return show("accounts/tokens.html", tokens=rows, can_make=signed_in().place is not None)


def _ended(token: queries.OwnToken) -> str:
    """Why a token works no more; nothing while it does."""
    if token.ended_because is not None:
        return say(ENDED_WORDS[token.ended_because])
    return say(ENDED_WORDS[WhyEnded.EXPIRED]) if token.expires_at <= clock.now() else ""


@blueprint.route("/account/tokens/new", methods=("GET", "POST"))
@members
def make_token() -> Response:
    """Make a token for the council one acts for, and show it: this once."""
    form = TokenForm()
    place = signed_in().place
    template, council = "accounts/make_token.html", place.name if place else ""
    if not form.is_sent():
        return show(template, 422 if request.method == "POST" else 200, form=form, council=council)
    sent = {"name": form.name.data, "scopes": sorted(form.scopes.data), "days": form.days.data}
    try:
        with begin_work(key_of_form(form.idempotency_key.data, sent)) as work:
            token = actions.make_token(
                work, name=form.name.data, scopes=[Scope(scope) for scope in form.scopes.data],
                days=int(form.days.data), secret_key=secret_key(), source=source(),
            )  # fmt: skip
    except AlreadyDone:
        flash(gettext(_("The token was made. It is shown only once: if you did not keep it, revoke it.")), "info")
        return redirect(url_for("accounts.tokens"), 303)  # type: ignore[return-value]
    except (RuleBroken, Conflict) as refusal:
        return refused_on(form, refusal, template, council=council)
    return show("accounts/token_made.html", token=token, name=form.name.data)


@blueprint.post("/account/tokens/<uuid:token_id>/revoke")
@officers
def revoke_token(token_id: UUID) -> Response:
    """Revoke one of one's tokens: what uses it is refused from now on."""
    with begin_work() as work:
        actions.revoke_token(work, token_id=token_id, source=source())
    flash(gettext(_("The token is revoked.")), "success")
    return redirect(url_for("accounts.tokens"), 303)  # type: ignore[return-value]

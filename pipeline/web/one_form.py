"""The page that many acts are: one form, sent once."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, request

from pipeline.db.idempotency import AlreadyDone, keep_answer
from pipeline.db.work import UnitOfWork
from pipeline.http.language import gettext
from pipeline.http.reading import begin_work, key_of_form
from pipeline.kernel.errors import Conflict, RuleBroken
from pipeline.web.asking import ANOTHER_ROW, status_of_form
from pipeline.web.forms import OnceForm, Text, lazy, problems_onto
from pipeline.web.rendering import show


class PressForm(OnceForm):
    """A button, pressed once."""


def text_form(name: str, label: str, most: int, hint: str = "") -> type[OnceForm]:
    """A form of one text."""
    field = Text(lazy(label), description=lazy(hint) if hint else "", most=most, render_kw={"rows": 6})
    return type("TextForm", (OnceForm,), {"__doc__": "One text.", name: field})


def one_form(
    form: OnceForm,
    carry_out: Callable[[UnitOfWork], Any],
    *,
    after: str,
    said: str,
    page: Callable[[], dict[str, Any]],
) -> Response:
    """A page with one form: show it, or do what was sent, once, and go to `after` with `said` told there.

    `page` gives what `interests/write.html` shows round the form; a refusal stands on the form as it was typed. The
    button that asks for another row does nothing: the form, which has it by then, is shown again.
    """
    status = status_of_form()
    if request.form.get("step") == ANOTHER_ROW:
        status = 200
    elif form.is_sent():
        done = _sent(form, carry_out, after, said)
        if isinstance(done, Response):
            return done
        status = done
    return show("interests/write.html", status, **{"form": form, "action": _own_address(), **page()})


def _sent(form: OnceForm, carry_out: Callable[[UnitOfWork], Any], after: str, said: str) -> Response | int:
    names = [field.name for field in form if field.name not in ("csrf_token", "idempotency_key")]
    key = key_of_form(form.idempotency_key.data or "", {name: form[name].data for name in names})
    try:
        with begin_work(key) as work:
            carry_out(work)
            keep_answer(work.session, key, after)
    except AlreadyDone:
        return redirect(after, 303)  # type: ignore[return-value]
    except (RuleBroken, Conflict) as refusal:
        return problems_onto(form, refusal)
    flash(gettext(said), "success")
    return redirect(after, 303)  # type: ignore[return-value]


def _own_address() -> str:
    return f"{request.script_root}{request.path}"

"""The blueprint of these pages, and the page several of them are: one form about one lesson, sent once."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, url_for

from pipeline.db.idempotency import AlreadyDone
from pipeline.db.work import UnitOfWork
from pipeline.http.language import gettext
from pipeline.http.reading import begin_work, key_of_form
from pipeline.kernel.errors import Conflict, RuleBroken
from pipeline.lessons.models import Lesson
from pipeline.web.asking import status_of_form
from pipeline.web.forms import OnceForm, problems_onto
from pipeline.web.rendering import show

blueprint = Blueprint("lessons", __name__)


def one_form(
    template: str,
    form: OnceForm,
    act: Callable[[UnitOfWork], Lesson],
    done: str,
    slug: str,
    **values: Any,
) -> Response:
    """A page with one form about a lesson: shown, sent once, and back to the lesson with a word of what was done."""
    status = status_of_form()
    if form.is_sent():
        typed = {name: value for name, value in form.data.items() if name != "csrf_token"}
        try:
            with begin_work(key_of_form(form.idempotency_key.data, typed)) as work:
                slug = act(work).address
        except (RuleBroken, Conflict) as refusal:
            status = problems_onto(form, refusal)
        except AlreadyDone:
            return redirect(url_for("lessons.show_lesson", slug=slug), 303)  # type: ignore[return-value]
        else:
            flash(gettext(done), "success")
            return redirect(url_for("lessons.show_lesson", slug=slug), 303)  # type: ignore[return-value]
    return show(template, status, form=form, slug=slug, **values)

"""What the pages that change something share: asking a policy before a form is shown, and showing a refused form."""

from typing import Any

from flask import request

from pipeline.http.language import gettext
from pipeline.kernel.decision import Decision
from pipeline.kernel.errors import NotAllowed

ANOTHER_ROW = "another"
"""What a button that adds a row to a form sends as `step`."""


def ask(decision: Decision) -> None:
    """Show a page only to those who may do what it is for. Raises NotAllowed with the policy's reason."""
    if decision.because is not None:
        raise NotAllowed(decision.code, decision.because)


def status_of_form() -> int:
    """The status of a page with a form that was not carried out: 422 where it was posted and lacks its shape."""
    return 422 if request.method == "POST" else 200


def number_in(form: Any) -> int:
    """The version a form carries; 0, which no row has, when it carries none or something else."""
    return number_from(form.version.data)


def number_from(text: str) -> int:
    """The number a hidden field holds; 0, which nothing has, where it holds something else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


LANGUAGE_CHOICES = (("en", "English"), ("cy", "Cymraeg"))
"""Each language under its own name."""

__all__ = ["ANOTHER_ROW", "LANGUAGE_CHOICES", "ask", "gettext", "number_from", "number_in", "status_of_form"]

"""The parent of every form, its fields with the GOV.UK widgets, and how a refusal is shown on the form it came from.

Shape is checked here: is it a date, is it there, is it short enough. Meaning is checked in `rules.py`.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

from flask import request
from flask_wtf import FlaskForm
from govuk_frontend_wtf import wtforms_widgets as gov
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, Length, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput

from pipeline.http.language import gettext, say
from pipeline.kernel.effort import days, half_days_from
from pipeline.kernel.errors import Refusal, shorter
from pipeline.kernel.ids import new_id
from pipeline.kernel.money import pence_from, pounds
from pipeline.kernel.text import clean, clean_line
from pipeline.kernel.words import _
from pipeline.web.saved import give_back


def lazy(sentence: str) -> str:
    """A sentence of a form, translated when it is shown: `lazy(_("Title"))`. It passes for text."""
    return cast(str, _Lazy(sentence))


class _Lazy:
    """A sentence that becomes text of the page's language whenever it is read."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def __str__(self) -> str:
        return gettext(self.sentence)

    def __html__(self) -> str:
        return str(Markup.escape(str(self)))

    def __len__(self) -> int:
        return len(self.sentence)

    def __mod__(self, values: Any) -> str:
        return str(self) % values

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash(self.sentence)


class PageForm(FlaskForm):
    """A POST form of a page.

    On GET it is filled from `values`, or with what was typed before a session ended (`pipeline/web/saved.py`).
    """

    def __init__(self, values: Any = None, **more: Any) -> None:
        if request.method == "GET":
            given_back = give_back()
            data = MultiDict([(name, one) for name, all_ in given_back.items() for one in all_]) if given_back else None
            super().__init__(formdata=data, obj=values, **more)
        else:
            super().__init__(obj=values, **more)

    def is_sent(self) -> bool:
        """Whether the form was posted and has its shape; its errors stand on the fields where it has not."""
        return request.method == "POST" and self.validate()


def problems_onto(form: FlaskForm, refusal: Refusal, names: dict[str, str] | None = None) -> int:
    """Put each problem of a refusal on the field it concerns, or on the form; return the status to answer with.

    `names` says which field shows a problem whose own field the form calls something else.
    """
    from pipeline.http.statuses import status_of

    for problem in refusal.problems:
        name = (names or {}).get(problem.field or "", problem.field)
        field = form._fields.get(name or "")
        if field is None:
            form.form_errors.append(say(problem.words))
        else:
            field.errors = [*field.errors, say(problem.words)]
    return status_of(refusal)


class Required(DataRequired):
    """The question needs an answer; the message says what to type."""

    field_flags: dict[str, Any] = {}  # noqa: RUF012 (without `required` attributes: our error summary speaks, not the browser)

    def __call__(self, form: Any, field: Any) -> None:
        if getattr(field, "process_errors", None):
            return  # Something was typed; why it cannot be read is said already.
        if not field.data or (isinstance(field.data, str) and not field.data.strip()):
            field.errors[:] = []
            raise StopValidation(self.message or gettext(_("Answer this question")))


class AtMost:
    """No longer than so many characters."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, _form: Any, field: Any) -> None:
        if field.data and len(field.data) > self.most:
            raise ValidationError(say(shorter(len(field.data) - self.most)))


class _Translated:
    """Makes a widget's label and hint plain text in the page's language before the macros see them."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> Any:
        params = super().map_gov_params(field, **kwargs)  # type: ignore[misc]
        if "label" in params:
            params["label"]["text"] = str(params["label"]["text"])
        hint = params.get("hint")
        if hint:
            text = str(hint.get("text") or "")
            params["hint"] = {**hint, "text": text} if text or hint.get("html") else None
        if params.get("fieldset"):
            params["fieldset"]["legend"] = {
                "text": str(field.label.text),
                "classes": "govuk-fieldset__legend--s",
                **params["fieldset"]["legend"],
            }
            params["fieldset"]["legend"]["text"] = str(params["fieldset"]["legend"]["text"])
        else:
            params.get("label", {}).setdefault("classes", "govuk-label--s")
        if params.get("errorMessage"):
            params["errorMessage"]["visuallyHiddenText"] = gettext(_("Error"))
        return params


class TextInput(_Translated, gov.GovTextInput):
    """One line of text."""


class TextArea(_Translated, gov.GovTextArea):
    """Several lines of text."""


class CharacterCount(_Translated, gov.GovCharacterCount):
    """Several lines, with a count of what is left. Without scripts it says how many characters fit."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> Any:
        params = super().map_gov_params(field, **kwargs)
        params["textareaDescriptionText"] = gettext(_("You can enter up to %{count} characters"))
        return params


class PasswordInput(_Translated, gov.GovPasswordInput):
    """A password, with a button to show it. What the button says later comes with `component_words` of the form."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> Any:
        params = super().map_gov_params(field, **kwargs)
        params["showPasswordText"] = gettext(_("Show"))
        params["showPasswordAriaLabelText"] = gettext(_("Show password"))
        return params


class Radios(_Translated, gov.GovRadioInput):
    """One of several."""


class Checkboxes(_Translated, gov.GovCheckboxesInput):
    """Any of several."""


class Checkbox(_Translated, gov.GovCheckboxInput):
    """Yes or no."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> Any:
        params = super().map_gov_params(field, **kwargs)
        for item in params["items"]:
            item["text"] = str(item["text"])
        return params


class Select(_Translated, gov.GovSelect):
    """One of many."""


class DateInput(_Translated, gov.GovDateInput):
    """Day, month and year.

    The library expects exactly three parts and speaks only English: a missing part is shown as empty, and the labels
    are ours.
    """

    def map_gov_params(self, field: Any, **kwargs: Any) -> Any:
        if field.raw_data is not None:
            field.raw_data = [*field.raw_data, "", "", ""][:3]
        params = super().map_gov_params(field, **kwargs)
        labels = (gettext(_("Day")), gettext(_("Month")), gettext(_("Year")))
        for item, words in zip(params["items"], labels, strict=True):
            item["label"] = words
            item["inputmode"] = "numeric"
        return params


class FileInput(_Translated, gov.GovFileInput):
    """A file from somebody's machine."""


class File(FileField):
    """A file: `data` is what Werkzeug read of it, and `name_of_file` "" where none was chosen."""

    widget = FileInput()

    @property
    def name_of_file(self) -> str:
        """What the file is called where it came from."""
        return getattr(self.data, "filename", "") or ""


class _Typed(StringField):
    """Text somebody types: `data` is "" where there is none, never None."""

    data: str

    def process_data(self, value: Any) -> None:
        self.data = "" if value is None else str(value)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = valuelist[0] if valuelist else ""


class Line(_Typed):
    """One line of text, kept clean."""

    widget = TextInput()

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = clean_line(valuelist[0]) if valuelist else ""


class Text(_Typed):
    """Several lines of text, kept clean. With `most` it counts what is left."""

    widget = TextArea()

    def __init__(self, *args: Any, most: int | None = None, **kwargs: Any) -> None:
        if most is not None:
            kwargs["validators"] = [*kwargs.get("validators", ()), AtMost(most)]
            kwargs.setdefault("widget", CharacterCount())
            kwargs["render_kw"] = {"params": {"maxlength": most}, **kwargs.get("render_kw", {})}
        super().__init__(*args, **kwargs)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = clean(valuelist[0]) if valuelist else ""


class Password(_Typed):
    """A password: kept exactly as typed."""

    widget = PasswordInput()


class HiddenField(_Typed):
    """What travels with a form unseen."""

    widget = HiddenInput()


class _Chosen(SelectField):
    """One answer of several: `data` is "" where none is chosen, never None. Choices are (value, label)."""

    data: str

    def process_data(self, value: Any) -> None:
        self.data = "" if value is None else str(value)

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data not in _values(self):
            raise ValidationError(gettext(_("Choose one of the answers")))


def _values(field: SelectField) -> set[str]:
    return {choice[0] for choice in field.choices or ()}


class Choice(_Chosen, RadioField):
    """One of several, as radios."""

    widget = Radios()


class OneOfMany(_Chosen):
    """One of many, as a list that opens."""

    widget = Select()


class Choices(SelectMultipleField):
    """Any of several, as checkboxes."""

    widget = Checkboxes()
    option_widget = CheckboxInput()
    data: list[str]

    def process_data(self, value: Any) -> None:
        self.data = [str(one) for one in value or ()]

    def pre_validate(self, form: Any) -> None:
        known = _values(self)
        if any(value not in known for value in self.data):
            raise ValidationError(gettext(_("Choose from the answers")))


class YesNo(BooleanField):
    """A single checkbox."""

    widget = Checkbox()


class Day(DateField):
    """A date, as day, month and year."""

    widget = DateInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("format", "%d %m %Y")
        super().__init__(*args, **kwargs)

    @property
    def first_input_id(self) -> str:
        """Where the error summary leads: the first of the three inputs."""
        return f"{self.name}-day"

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        from datetime import date

        self.data = None
        parts = [part.strip() for part in valuelist][:3]
        if not any(parts):
            return
        words = gettext(_("Give a real date, for example 27 3 2027"))
        if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
            raise ValueError(words)
        try:
            self.data = date(int(parts[2]), int(parts[1]), int(parts[0]))
        except ValueError:
            raise ValueError(words) from None
        if not 1900 <= self.data.year <= 2200:
            self.data = None
            raise ValueError(words)


class _Amount(Field):
    """A number that people type in one unit and we keep in another."""

    widget = TextInput()
    data: int | None
    read: Callable[[str], int | None]
    written: Callable[[int], str]
    complaint = ""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.typed = clean_line(valuelist[0]) if valuelist else ""
        self.data = None
        if self.typed:
            self.data = type(self).read(self.typed)
            if self.data is None:
                raise ValueError(gettext(self.complaint))

    def _value(self) -> str:
        if self.raw_data is not None:
            return str(getattr(self, "typed", ""))
        return "" if self.data is None else type(self).written(self.data)


class Pounds(_Amount):
    """Pounds on screen, pence in `data`."""

    read = staticmethod(pence_from)
    written = staticmethod(lambda pence: pounds(pence).lstrip("£"))
    complaint = _("Give an amount in pounds, for example 2500 or 2,500.50")


class Days(_Amount):
    """Days on screen, half-days in `data`."""

    read = staticmethod(half_days_from)
    written = staticmethod(days)
    complaint = _("Give whole or half days, for example 3 or 2.5")


def _number_from(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


class Number(_Amount):
    """A whole number."""

    read = staticmethod(_number_from)
    written = staticmethod(str)
    complaint = _("Give a whole number, for example 3")


class OnceForm(PageForm):
    """A form whose effect happens once, however often its button is pressed: it carries an idempotency key."""

    idempotency_key = HiddenField(validators=[Length(max=255)])

    def __init__(self, values: Any = None, **more: Any) -> None:
        super().__init__(values, **more)
        if not self.idempotency_key.data:
            self.idempotency_key.data = str(new_id())


def choices_of(labels: Iterable[Any]) -> list[tuple[str, str]]:
    """The choices of a vocabulary, in the page's language."""
    from pipeline.web.rendering import label

    return [(str(one.value), label(one)) for one in labels]


__all__ = [
    "AtMost", "Choice", "Choices", "Day", "Days", "File", "HiddenField", "Line", "Number", "OnceForm", "OneOfMany",
    "PageForm", "Password", "Pounds", "Required", "Text", "YesNo", "lazy", "problems_onto",
]  # fmt: skip

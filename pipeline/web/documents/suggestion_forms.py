"""The forms of suggested changes: what is asked of whoever makes one, and of whoever answers it."""

from wtforms import Field
from wtforms.widgets import CheckboxInput

from pipeline.artefacts.rules import LONGEST_DOCUMENT, LONGEST_REASON
from pipeline.kernel.words import _
from pipeline.web.forms import HiddenField, OnceForm, PageForm, Text, lazy


class Chosen(Field):
    """The numbers of the changes that are chosen. The page draws their boxes; what is wrong with them stands there."""

    widget = CheckboxInput()
    first_input_id = "changes"


class SuggestForm(OnceForm):
    """Why the original should say this, and which changes it should have."""

    number = HiddenField()
    against = HiddenField()
    changes = Chosen()
    reason = Text(
        lazy(_("Why should the original say this?")),
        description=lazy(_("For example: what happened, what the law asks for, what readers did not understand.")),
        most=LONGEST_REASON,
        render_kw={"rows": 5},
    )


class SureForm(PageForm):
    """A button, and the version of what was looked at."""

    version = HiddenField()


class DeclineForm(SureForm):
    """Why not."""

    reason = Text(lazy(_("Why not?")), most=LONGEST_REASON, render_kw={"rows": 5})


class EditForm(SureForm):
    """The whole text with the suggestion in it, to be changed before it is taken."""

    number = HiddenField()
    text = Text(lazy(_("The text with the suggestion in it")), most=LONGEST_DOCUMENT, render_kw={"rows": 30})

"""The forms of shared documents: what is asked of whoever writes, publishes and keeps them."""

from datetime import timedelta
from typing import Any

from pipeline.artefacts.messages import KIND_NAMES
from pipeline.artefacts.queries.seeing import licences
from pipeline.artefacts.rules import (
    DEFAULT_LICENCE,
    LONGEST_CHANGE_NOTE,
    LONGEST_DOCUMENT,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    ArtefactKind,
    DraftText,
)
from pipeline.db.work import Reading
from pipeline.http.language import gettext, say
from pipeline.kernel import clock
from pipeline.kernel.words import _
from pipeline.web.asking import LANGUAGE_CHOICES
from pipeline.web.forms import (
    AtMost,
    Choice,
    Day,
    File,
    HiddenField,
    Line,
    OnceForm,
    OneOfMany,
    PageForm,
    Required,
    Text,
    YesNo,
    lazy,
)

YEAR = timedelta(days=365)


class WriteForm(OnceForm):
    """A draft: title, text in Markdown, licence, and what is new in it."""

    version = HiddenField()
    title = Line(lazy(_("Title")), validators=[Required(lazy(_("Give it a title"))), AtMost(LONGEST_TITLE)])
    text = Text(
        lazy(_("Text")),
        description=lazy(
            _(
                "You can use Markdown: # before a heading, ## before one below it, - before each point of a list, "
                "| between the cells of a table."
            )
        ),
        validators=[AtMost(LONGEST_DOCUMENT)],
        render_kw={"rows": 28, "params": {"classes": "writing"}},
    )
    licence = OneOfMany(
        lazy(_("Licence")),
        description=lazy(_("Choose the Open Government Licence unless the text comes from elsewhere.")),
        default=DEFAULT_LICENCE,
    )
    change_note = Text(
        lazy(_("What is new in this version?")),
        description=lazy(_("For councils that use it: what changed, and why. You can leave this until you publish.")),
        most=LONGEST_CHANGE_NOTE,
        render_kw={"rows": 3},
    )

    def offer_licences(self, reading: Reading) -> None:
        """Let one choose from the licences there are."""
        self.licence.choices = [(one.code, one.name) for one in licences(reading)]

    def draft_text(self, *, is_major: bool = False) -> DraftText:
        """What was typed."""
        return DraftText(
            title=self.title.data, text=self.text.data, licence=self.licence.data or DEFAULT_LICENCE,
            change_note=self.change_note.data, is_major=is_major,
        )  # fmt: skip


class BeginForm(WriteForm):
    """A new document: besides its first draft what it is, where it is kept, and when it is looked at again."""

    kind = OneOfMany(lazy(_("What is it?")), validators=[Required(lazy(_("Choose what it is")))])
    summary = Text(
        lazy(_("Summary")),
        description=lazy(_("One or two sentences: what it is for, and who should use it.")),
        most=LONGEST_SUMMARY,
        render_kw={"rows": 3},
    )
    language = Choice(lazy(_("Which language is it written in?")), choices=LANGUAGE_CHOICES, default="en")
    project = OneOfMany(
        lazy(_("Which project does it belong to?")),
        description=lazy(_("The team of the project writes with you. Without a project your council keeps it.")),
    )
    review_on = Day(
        lazy(_("When should it be looked at again?")),
        description=lazy(_("You can leave this empty. The leads are reminded on that day.")),
    )
    file = File(
        lazy(_("Or take the text from a file")),
        description=lazy(_("A .docx, .odt, .pdf, .md or .txt. Its text takes the place of what you wrote above.")),
    )

    def offer(self, reading: Reading, projects: list[tuple[str, str]]) -> None:
        """Let one choose from what there is: licences, kinds, and the projects one is in the team of."""
        self.offer_licences(reading)
        self.kind.choices = kind_choices()
        none = ("", gettext(_("None: my council’s own documents")))
        self.project.choices = [none, *projects]


def kind_choices() -> list[tuple[str, str]]:
    """The kinds of document, in the page's language."""
    kinds = [(one.value, say(KIND_NAMES[one])) for one in ArtefactKind]
    return [("", gettext(_("Choose"))), *kinds]


class PublishForm(OnceForm):
    """The last questions before a draft becomes a version."""

    version = HiddenField()
    change_note = Text(
        lazy(_("What is new in this version?")),
        description=lazy(_("Councils that use this document read it: what changed, and why.")),
        most=LONGEST_CHANGE_NOTE,
        validators=[Required(lazy(_("Say what is new in this version")))],
        render_kw={"rows": 3},
    )
    size = Choice(
        lazy(_("How large is the change?")),
        choices=(
            ("minor", lazy(_("Smaller: wording, corrections, nothing that changes what people do"))),
            ("major", lazy(_("Larger: councils that use it should look at it now, and are told at once"))),
        ),
        validators=[Required(lazy(_("Say how large the change is")))],
    )


class DetailsForm(PageForm):
    """What a document says of itself besides its text."""

    version = HiddenField()
    kind = OneOfMany(lazy(_("What is it?")), validators=[Required(lazy(_("Choose what it is")))])
    summary = Text(
        lazy(_("Summary")),
        description=lazy(_("One or two sentences: what it is for, and who should use it.")),
        most=LONGEST_SUMMARY,
        render_kw={"rows": 3},
    )
    review_on = Day(
        lazy(_("When should it be looked at again?")),
        description=lazy(_("For example, %(date)s. The leads are reminded on that day.")),
    )

    def __init__(self, values: Any = None, **more: Any) -> None:
        super().__init__(values, **more)
        example = clock.today() + YEAR
        words = gettext("For example, %(date)s. The leads are reminded on that day.")
        self.review_on.description = words % {"date": f"{example.day} {example.month} {example.year}"}


class ReasonForm(PageForm):
    """Why a version is withdrawn or removed."""

    reason = Text(
        lazy(_("Why?")),
        description=lazy(_("Everybody reads this.")),
        most=LONGEST_CHANGE_NOTE,
        validators=[Required(lazy(_("Say why")))],
        render_kw={"rows": 4},
    )


class FileForm(PageForm):
    """A file to take the text of a draft from."""

    version = HiddenField()
    file = File(
        lazy(_("Choose a file")),
        description=lazy(_("A .docx, .odt, .pdf, .md or .txt of at most 10 MB. Only the team gets the file itself.")),
    )


class SureForm(PageForm):
    """A button, and the version of what was looked at."""

    version = HiddenField()


class ShowOriginalForm(PageForm):
    """Showing a file to the public, after what else it holds was read."""

    is_read = YesNo(lazy(_("I have read what this file holds, and everybody may see it")))


class PairForm(PageForm):
    """The same document in the other language."""

    other = OneOfMany(lazy(_("Which document is it?")), validators=[Required(lazy(_("Choose a document")))])


class MatchForm(PageForm):
    """The version in the other language that says the same."""

    number = OneOfMany(lazy(_("Which version says the same?")))

"""How what happens to shared documents reads in a sentence. `names` gives titles of documents by their id."""

from collections.abc import Callable, Mapping
from typing import Any

from pipeline.artefacts.rules import ArtefactKind, ArtefactStatus
from pipeline.kernel.words import Words, _

Payload = Mapping[str, Any]
Names = Mapping[str, str]

KIND_NAMES: dict[ArtefactKind, Words] = {
    ArtefactKind.POLICY: Words(_("Policy")),
    ArtefactKind.TEMPLATE: Words(_("Template")),
    ArtefactKind.AGREEMENT: Words(_("Agreement")),
    ArtefactKind.BUSINESS_CASE: Words(_("Business case")),
    ArtefactKind.SPECIFICATION: Words(_("Specification")),
    ArtefactKind.RESEARCH: Words(_("Research")),
    ArtefactKind.TRAINING: Words(_("Training")),
    ArtefactKind.CHECKLIST: Words(_("Checklist")),
    ArtefactKind.OTHER: Words(_("Other document")),
}
STATUS_NAMES: dict[ArtefactStatus, Words] = {
    ArtefactStatus.DRAFT: Words(_("Draft")),
    ArtefactStatus.PUBLISHED: Words(_("Published")),
    ArtefactStatus.ENDED: Words(_("No longer kept")),
}


def _always(sentence: str) -> Callable[[Payload, Names], Words]:
    return lambda _payload, _names: Words(sentence)


def _of_version(sentence: str, unnamed: str) -> Callable[[Payload, Names], Words]:
    """A sentence about a version by its number and the title of its document."""

    def words(payload: Payload, names: Names) -> Words:
        title = names.get(payload["artefact_id"], "")
        if not title:
            return Words(unnamed, number=payload["number"])
        return Words(sentence, number=payload["number"], title=title)

    return words


def _published(payload: Payload, names: Names) -> Words:
    sentences = (_("The leads published version {number} of “{title}”."), _("The leads published version {number}."))
    if payload.get("took_in_id"):
        sentences = (
            _("The leads published version {number} of “{title}”, with changes of the original taken in."),
            _("The leads published version {number}, with changes of the original taken in."),
        )
    elif payload.get("restored_from_id"):
        sentences = (
            _("The leads published version {number} of “{title}”, with an earlier text brought back."),
            _("The leads published version {number}, with an earlier text brought back."),
        )
    return _of_version(*sentences)(payload, names)


def _original_shown(payload: Payload, _names: Names) -> Words:
    if payload["changes"]["is_original_public"][1]:
        return Words(_("The leads show everybody the file version {number} was taken from."), number=payload["number"])
    return Words(_("The file version {number} was taken from is for the team again."), number=payload["number"])


SENTENCES: Mapping[str, Callable[[Payload, Names], Words]] = {
    "artefact.drafted": _always(_("A shared document was begun.")),
    "artefact.draft_deleted": _always(_("A shared document that was never published was deleted.")),
    "artefact.published": _always(_("A shared document has its first version.")),
    "artefact.changed": _always(_("The leads changed what a shared document says of itself.")),
    "artefact.ended": _always(_("A shared document is kept no longer.")),
    "artefact.reopened": _always(_("A shared document is kept again.")),
    "artefact.paired": _always(_("A shared document has its pair in the other language.")),
    "artefact.unpaired": _always(_("A shared document no longer has a pair in the other language.")),
    "artefact.review_due": _always(_("The review date of a shared document is past.")),
    "version.published": _published,
    "version.withdrawn": _of_version(
        _("The leads withdrew version {number} of “{title}”: do not use it."),
        _("The leads withdrew version {number}: do not use it."),
    ),
    "version.removed": _of_version(
        _("The text of version {number} of “{title}” was removed."), _("The text of version {number} was removed.")
    ),
    "version.hidden": _of_version(
        _("A coordinator hid version {number} of “{title}”."), _("A coordinator hid version {number}.")
    ),
    "version.restored": _of_version(
        _("Version {number} of “{title}” is no longer hidden."), _("Version {number} is no longer hidden.")
    ),
    "version.original_shown": _original_shown,
    "version.matched": _always(_("The leads said which version of the document in the other language says the same.")),
    "draft.started": _always(_("A new version of a shared document was begun.")),
    "draft.changed": _always(_("The draft of a shared document was changed.")),
    "draft.taken_from_file": _always(_("The text of a draft was taken from a file.")),
    "draft.discarded": _always(_("The draft of a shared document was thrown away.")),
}
"""Every event of documents, versions and drafts, in the reader's words."""

SMALL = frozenset(
    {"artefact.published", "artefact.review_due", "draft.started", "draft.changed", "draft.taken_from_file",
     "draft.discarded"}
)  # fmt: skip
"""Events too small for a timeline; of the first publishing the version tells."""

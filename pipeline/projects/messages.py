"""How what happens to projects reads in a sentence. `names` gives the short names of councils by their id."""

from collections.abc import Callable, Mapping
from typing import Any

from pipeline.kernel.words import Words, _
from pipeline.projects.rules import ProjectStatus

Payload = Mapping[str, Any]
Names = Mapping[str, str]

STATUS_NAMES: dict[ProjectStatus, Words] = {
    ProjectStatus.DRAFT: Words(_("Draft")),
    ProjectStatus.OPEN: Words(_("Open for pledges")),
    ProjectStatus.GOING_AHEAD: Words(_("Going ahead")),
    ProjectStatus.FINISHED: Words(_("Finished")),
    ProjectStatus.STOPPED: Words(_("Stopped")),
    ProjectStatus.LAPSED: Words(_("Lapsed")),
}
PUBLISHED = {
    ProjectStatus.OPEN: _("Published, and open for pledges."),
    ProjectStatus.GOING_AHEAD: _("Published, going ahead."),
    ProjectStatus.FINISHED: _("Published as a record of finished work."),
}
PHASES = {
    "concept": _("The work is a concept."),
    "discovery": _("The work moved to discovery."),
    "alpha": _("The work moved to alpha."),
    "beta": _("The work moved to beta."),
    "live": _("The work went live."),
    "retired": _("What was built was retired."),
}


def _published(payload: Payload, _names: Names) -> Words:
    return Words(PUBLISHED[ProjectStatus(payload["changes"]["status"][1])])


def _phase_changed(payload: Payload, _names: Names) -> Words:
    return Words(PHASES[payload["changes"]["phase"][1]])


def _of_council(sentence: str) -> Callable[[Payload, Names], Words]:
    """A sentence about somebody of a council, who is not named."""

    def words(payload: Payload, names: Names) -> Words:
        return Words(sentence, council=names.get(payload["for_council_id"], ""))

    return words


def _always(sentence: str) -> Callable[[Payload, Names], Words]:
    return lambda _payload, _names: Words(sentence)


def _check_answered(payload: Payload, _names: Names) -> Words:
    if payload["answer"] == "fine":
        return Words(_("A colleague checked a draft: it is fine."))
    return Words(_("A colleague checked a draft and asked for changes."))


SENTENCES: Mapping[str, Callable[[Payload, Names], Words]] = {
    "project.drafted": _always(_("The draft was begun.")),
    "project.draft_changed": _always(_("The draft was changed.")),
    "project.draft_deleted": _always(_("The draft was deleted.")),
    "project.published": _published,
    "project.updated": _always(_("The leads edited this page.")),
    "project.phase_changed": _phase_changed,
    "project.deleted": _always(_("The project was deleted.")),
    "need.opened": _always(_("The leads added a need.")),
    "need.changed": _always(_("The leads changed a need.")),
    "need.closed": _always(_("A need was closed: it takes no more pledges.")),
    "need.dropped": _always(_("A need was dropped: it is no longer wanted.")),
    "lead.named": _of_council(_("An officer of {council} became a lead.")),
    "lead.left": _of_council(_("A lead from {council} left.")),
    "team.joined": _of_council(_("An officer of {council} joined the team.")),
    "team.left": _of_council(_("An officer of {council} left the team.")),
    "update.drafted": _always(_("An update was begun.")),
    "update.draft_changed": _always(_("The draft of an update was changed.")),
    "update.draft_deleted": _always(_("The draft of an update was deleted.")),
    "update.published": _always(_("The leads published an update.")),
    "update.edited": _always(_("The leads edited an update.")),
    "update.withdrawn": _always(_("The leads withdrew an update.")),
    "check.asked": _always(_("A colleague was asked to check a draft.")),
    "check.answered": _check_answered,
}
"""Every event of projects, in the reader's words."""

"""The kinds of refusal of comments, differences, reports, hiding and contact, explained (see `problem_types.py`)."""

from pipeline.kernel.words import _

NOT_ALLOWED = {
    "comment.members_only": _("Only a member of a council comments."),
    "comment.writer_only": _("Only whoever wrote a comment changes it or takes it back."),
    "difference.team_only": _("Only the team of a project says how its work differs from another's."),
    "contact.members_only": _("Only an officer of a council writes to others."),
    "contact.not_a_person": _("Only people write messages."),
    "contact.switched_off": _("The person does not take messages."),
    "moderation.coordinators_only": _("Only a coordinator hides things and brings them back."),
    "report.not_a_person": _("Only people report things."),
}
CONFLICTS = {
    "comment.closed": _("What it is about is hidden, withdrawn or settled: nothing more is said about it."),
    "comment.hidden": _("A coordinator hid the comment, so it stays as it was."),
    "comment.withdrawn": _("The comment was taken back."),
    "difference.not_standing": _("What was said of a difference was taken back, or a coordinator hid it."),
    "difference.said_already": _("How the one differs from the other is said already."),
    "difference.too_many": _("One thing states only so many differences."),
    "difference.trial": _("A trial project and the documents of a council are not compared with others."),
    "duplicate.dismissed": _("A coordinator has left the two apart already."),
    "contact.nobody": _("Nobody there takes messages."),
    "contact.too_many": _("An officer sends only so many messages a day."),
    "moderation.not_hidden": _("It is not hidden."),
    "moderation.not_hideable": _("It cannot be hidden by itself: what it belongs to can."),
    "moderation.not_public": _("Only what everybody can read is hidden."),
    "report.made_already": _("The officer has reported it already, and nobody has looked at it yet."),
    "report.settled": _("A coordinator has looked at the report already."),
    "report.too_many": _("An officer reports only so many things a day."),
}
BROKEN_RULES = {
    "comment.mention_unknown": _("Only people from the list can be mentioned."),
    "comment.too_many_mentioned": _("A comment mentions only so many people."),
    "difference.same": _("A thing does not differ from itself."),
    "contact.address_unreadable": _("It is not an address that one can write to."),
}

BY_STATUS = ((403, NOT_ALLOWED), (409, CONFLICTS), (422, BROKEN_RULES))
"""The sentences with the status they come with."""

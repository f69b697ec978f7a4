"""What the refusals around silence, handovers and takeovers mean, for `problem_types.py`."""

from pipeline.kernel.words import _

NOT_ALLOWED = {
    "succession.not_the_clock": _("Only the dates of the register let a council follow another."),
    "succession.not_yours": _("Only an admin of the council that ended, or a coordinator, says which has what."),
    "handover.coordinators_only": _("Only a coordinator approves a takeover."),
    "handover.members_only": _("Only a member of a council asks to take a project over."),
    "handover.no_authority": _("Only an authoriser or admin of the council that is to lead the project agrees."),
    "handover.not_concerned": _("Only the two councils and the coordinators read this."),
    "handover.not_yours": _("Only the side that offered or asked takes it back."),
    "handover.own_project": _("The council leads the project already."),
    "pledge.may_not_carry_over": _("Only an authoriser or admin of the pledging council says whether it carries over."),
}

CONFLICTS = {
    "offer.council_ended": _("The council does not exist today."),
    "pledge.frozen": _("The council of the pledge has ended, and nobody has said which successor has it."),
    "project.council_ended": _("The council does not exist today."),
    "succession.not_a_successor": _("The council does not follow the one that ended."),
    "succession.not_ended": _("No council has followed this one."),
    "handover.asked_already": _("The project is on its way to a council already."),
    "handover.council_ended": _("The council does not exist today."),
    "handover.ended": _("It has been settled already."),
    "handover.frozen": _("The council of the project has ended, and nobody has said which successor has the project."),
    "handover.has_leads": _("The project does not look for a lead."),
    "handover.leads_have_time": _("The leads of the project still have time to say that they are here."),
    "handover.not_agreed": _("Nobody with authority in the council that asks has agreed."),
    "handover.not_running": _("Only a project that is open or going ahead passes to another council."),
    "handover.same_council": _("The council leads the project already."),
    "pledge.not_asked_to_carry_over": _("Nobody is asked whether the pledge carries over."),
    "project.waits": _("The project waits until somebody leads it again."),
}

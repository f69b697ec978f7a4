"""Every kind of refusal, explained: the `type` of a problem is the address of its explanation.

The words of one refusal say what to do about it; these say what the kind means. A code raised anywhere has its entry
here, or ends in one of `ENDINGS`: a test reads the source and finds those that have none.
"""

import re
from dataclasses import dataclass

from pipeline.http.problems import REQUEST_PROBLEMS
from pipeline.kernel.words import Words, _


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A stable code, the HTTP status it comes with, and what it means."""

    code: str
    status: int
    words: Words


NOT_ALLOWED = {
    "account.not_yours": _("An account is changed only by the person it belongs to."),
    "account.signed_in": _("This is for somebody who is not signed in."),
    "check.not_asked": _("Only the colleague who was asked to check a draft answers."),
    "council.has_admin": _("The council has an admin already; its admins appoint further ones."),
    "council.not_its_admin": _("Only an admin of the council does this."),
    "council.not_yours_to_import": _("The register is changed by the operator of the site only."),
    "entry.not_a_member": _("This is for officers whose place in a council is confirmed."),
    "entry.not_your_role": _("The page is for another role."),
    "membership.not_yours": _("Only the officer, or an admin of the council, changes a membership."),
    "membership.own": _("Nobody decides on their own membership."),
    "pledge.both_sides": _("Whoever offered or authorised a pledge cannot also accept or decline it."),
    "pledge.leads_project": _("Whoever leads the project cannot authorise a pledge to it."),
    "pledge.may_not_withdraw": _(
        "Only who offered it, or an authoriser or admin of their council, withdraws a pledge."
    ),
    "pledge.not_a_lead": _("Only a lead of the project accepts or declines a pledge."),
    "pledge.not_a_member": _("Only a member of a council offers a pledge for it."),
    "pledge.not_an_authoriser": _("Only an authoriser of the pledging council authorises or refuses its pledge."),
    "pledge.not_its_council": _("Only the pledging council does this with its pledge."),
    "pledge.not_the_clock": _("Only the passing of its date makes a pledge lapse."),
    "pledge.not_yours": _("Only the officer who offered a pledge changes it."),
    "pledge.own_offer": _("Nobody authorises their own offer."),
    "pledge.platform_role": _("Coordinators and platform admins do not take part in pledges."),
    "pledge.role_from_offerer": _("Whoever was given authority by the person who offered cannot authorise that offer."),
    "pledge.role_too_new": _("The authority was given after the offer was made, so it does not reach that offer."),
    "project.leads_only": _("Only a lead of the project does this."),
    "project.members_only": _("Only a member of a council posts a project for it."),
    "project.not_yours_to_record": _("Past work found in public sources is recorded by the operator of the site only."),
    "project.team_only": _("Only the project's team does this."),
    "request.foreign_origin": _("The request was sent from another website, so it was not done."),
    "role.not_coordinator": _("Only a coordinator does this."),
    "role.not_operator": _("Only the operator of the site does this."),
    "role.not_platform_admin": _("Only a platform admin does this."),
    "role.own": _("Nobody gives or takes their own role."),
    "totals.not_the_operator": _("Totals are mended by the operator of the site only."),
}
"""Answered 403: the thing can be seen, and this person may not do that to it."""

CONFLICTS = {
    "account.address_taken": _("Another account has this e-mail address."),
    "account.password_changed": _("The password was changed meanwhile."),
    "account.stale": _("Somebody changed the account meanwhile."),
    "check.already_asked": _("The colleague has been asked already and has not answered yet."),
    "check.answered": _("The check has been answered already."),
    "check.not_a_draft": _("Only a draft is checked before it is published."),
    "check.yourself": _("A draft is checked by somebody else than its writer."),
    "membership.already_there": _("The officer has a place in this council already."),
    "membership.not_waiting": _("The membership no longer waits for an answer."),
    "membership.too_many": _("An officer has places in a limited number of councils."),
    "membership.waiting": _("The membership has not been confirmed yet."),
    "need.closed": _("The need takes no more pledges."),
    "need.dropped": _("The need is no longer wanted."),
    "need.not_open": _("The need is not open."),
    "need.pledges_stand": _("Pledges to the need stand, so it cannot be changed in this way."),
    "pledge.no_room": _("The need is capped and has less room than the pledge would take."),
    "pledge.not_due": _("The pledge's date has not passed."),
    "pledge.sign_off_passed": _("The date by which the pledge had to be authorised has passed."),
    "pledge.unsigned_offer_stands": _("The council has an offer to this capped need that is not authorised yet."),
    "pledge.wrong_step": _("The pledge is not in a state in which this can be done; `allowed` names what can."),
    "project.decision_date_passed": _("The project's decision date has passed."),
    "project.ended": _("The project has ended."),
    "project.last_lead": _("A project always has a lead of its lead council."),
    "project.not_draft": _("The project is no longer a draft."),
    "project.not_published": _("The project has not been published."),
    "project.others_joined": _("Another council takes part in the project, so it can no longer be deleted."),
    "project.pledges_stand": _("Pledges to the project stand, so it cannot be changed in this way."),
    "project.published": _("The project has been published, so this can no longer be done."),
    "project.same_phase": _("The project is in this phase already."),
    "project.takes_no_pledges": _("The project takes no pledges."),
    "project.too_many_needs": _("The project has as many needs as it can have."),
    "role.unchanged": _("The officer has the role already, or does not have it."),
    "team.full": _("The team is as large as it can be."),
    "team.same_role": _("The officer has this place in the team already."),
    "team.trial": _("Only people of the lead council take part in a trial project."),
    "update.not_draft": _("The update is no longer a draft."),
    "update.not_published": _("The update has not been published."),
    "update.withdrawn": _("The update was withdrawn."),
}
"""Answered 409: right in another state."""

BROKEN_RULES = {
    "account.same_address": _("The new e-mail address is the present one."),
    "idempotency.other_body": _("The same idempotency key came before with other content."),
    "membership.choose": _("The e-mail address belongs to several councils: one has to be chosen."),
    "need.below_held": _("A capped need cannot ask for less than what pledges hold already."),
    "need.kind_fixed": _("The kind and the profession of a need never change."),
    "need.target_out_of_range": _("A need asks for at least one unit, and for no more than any council could give."),
    "need.terms_held": _("What a need asks for cannot change in this way while pledges hold it."),
    "offer.amount": _("The amount is not one that can be pledged."),
    "offer.dates_far": _("The dates are too far away."),
    "offer.dates_in_order": _("The last day comes before the first."),
    "offer.dates_past": _("The dates have passed."),
    "offer.financial_years": _("The financial years are not in order or not near enough."),
    "offer.sign_off_by": _("The date by which the pledge is authorised is too early or too late."),
    "password.too_common": _("The password is one that is guessed first."),
    "password.too_short": _("The password is too short."),
    "project.councils_out_of_range": _("The number of councils is out of range."),
    "project.decision_on_out_of_range": _("The decision date is too early or too late."),
    "project.language_unknown": _("The language is not one of English and Welsh."),
    "project.nothing_to_test": _("An all-or-nothing project needs an essential need, or a number of councils."),
    "project.past_and_under_way": _("A project is either past or under way."),
    "project.past_asks": _("Past work asks for nothing."),
    "project.phase_unknown": _("The phase is not in the vocabulary."),
    "project.theme_unknown": _("A theme is not in the vocabulary."),
    "project.too_many_themes": _("The project has more themes than it can have."),
    "project.year_out_of_range": _("The year is out of range."),
    "text.holds_address": _("The text holds the e-mail address of somebody with an account, so it cannot be public."),
}
"""Answered 422: what was sent breaks a rule, whatever the state."""

OTHERS = {
    "cursor.mismatch": (400, _("The cursor belongs to another list, or to the same list with other filters.")),
    "cursor.unreadable": (400, _("The cursor was not made here, or was changed.")),
    "event.cursor_gone": (
        410,
        _("The event the cursor stands at is no longer in the log: begin again without a cursor."),
    ),
    "link.gone": (410, _("The link was used, has expired, or a newer one took its place.")),
    "request.parameter": (400, _("A parameter is unknown, malformed, out of range, or given twice.")),
}

ENDINGS = (
    ("not_found", 404, _("There is no such thing, or it is not public. The two answer alike.")),
    ("changed_meanwhile", 409, _("Somebody else changed it meanwhile: read it again before changing it.")),
    ("missing", 422, _("Something that is needed is missing.")),
    ("too_long", 422, _("A text is longer than it can be.")),
)
"""Kinds that any noun can have: the code is `noun.` or `noun.field_` and the ending."""


def _collected() -> dict[str, ProblemType]:
    found = [ProblemType(code, status, words) for status, (code, words) in REQUEST_PROBLEMS.items()]
    found += [ProblemType(code, status, Words(sentence)) for code, (status, sentence) in OTHERS.items()]
    for status, sentences in ((403, NOT_ALLOWED), (409, CONFLICTS), (422, BROKEN_RULES)):
        found += [ProblemType(code, status, Words(sentence)) for code, sentence in sentences.items()]
    return {one.code: one for one in sorted(found, key=lambda one: one.code)}


PROBLEM_TYPES = _collected()
"""Every kind that is named in full, by code."""

_WORDS = re.compile(r"[a-z]+(_[a-z]+)*", re.ASCII)
NOUNS = frozenset(code.split(".")[0] for code in PROBLEM_TYPES) | {
    "message",
    "need",
    "offer",
    "officer",
    "page",
    "session",
    "update",
}


def problem_type(code: str) -> ProblemType | None:
    """What a code means; None for one that nothing here answers with."""
    if code in PROBLEM_TYPES:
        return PROBLEM_TYPES[code]
    noun, _dot, problem = code.partition(".")
    for ending, status, sentence in ENDINGS:
        if noun in NOUNS and _WORDS.fullmatch(problem) and f"_{problem}".endswith(f"_{ending}"):
            return ProblemType(code, status, Words(sentence))
    return None

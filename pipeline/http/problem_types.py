"""Every kind of refusal, explained: the `type` of a problem is the address of its explanation.

The words of one refusal say what to do about it; these say what the kind means. A code raised anywhere has its entry
here, or ends in one of `ENDINGS`: a test reads the source and finds those that have none.
"""

import re
from dataclasses import dataclass

from pipeline.http import document_problems, moderation_problems
from pipeline.http import handover_problems as handovers
from pipeline.http.problems import REQUEST_PROBLEMS
from pipeline.kernel.words import Words, _


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A stable code, the HTTP status it comes with, and what it means."""

    code: str
    status: int
    words: Words


NOT_ALLOWED = {
    **handovers.NOT_ALLOWED,
    "account.not_yours": _("An account is changed only by the person it belongs to."),
    "account.signed_in": _("This is for somebody who is not signed in."),
    "answer.not_the_clock": _("Only the passing of its date makes an answer late."),
    "answer.own": _("Nobody answers their own interest or request."),
    "authorisation.leads_project": _("Whoever leads the project cannot be named to decide on a pledge to it."),
    "authorisation.not_at_council": _("Only somebody who works for the pledging council decides on its offer."),
    "authorisation.not_its_admin": _("Only an admin of the pledging council sets an authorisation aside."),
    "authorisation.not_the_rule": _("Only a council's standing rule lets its offers through."),
    "authorisation.over_limit": _(
        "With this pledge, what the council pledges to the project goes past the limit of this person's authority, "
        "or the authority has not begun or has ended."
    ),
    "authorisation.own_offer": _("Nobody is named to decide on what they offered or asked for themselves."),
    "authorisation.platform_role": _("Coordinators and platform admins do not take part in pledges."),
    "authorisation.too_many_people": _("Only so many people can be named by e-mail for one pledge."),
    "authorisation.trial": _("In a trial project nobody is named by e-mail: whoever offers can authorise."),
    "authorisation.way_off": _("The council does not let people named by e-mail decide."),
    "check.not_asked": _("Only the colleague who was asked to check a draft answers."),
    "council.has_admin": _("The council has an admin already; its admins appoint further ones."),
    "council.not_its_admin": _("Only an admin of the council does this."),
    "council.not_yours_to_import": _("The register is changed by the operator of the site only."),
    "delivery.not_a_side": _("Only the pledging council and the project's leads record deliveries."),
    "delivery.not_the_clock": _("Only the passing of its day makes a delivery count that nobody answered."),
    "delivery.not_the_other_side": _("A delivery is answered by the side that did not record it."),
    "delivery.not_your_entry": _("Only the side that recorded a delivery corrects it."),
    "delivery.own_entry": _("Whoever recorded a delivery does not answer it as well."),
    "entry.not_a_member": _("This is for officers whose place in a council is confirmed."),
    "entry.not_your_role": _("The page is for another role."),
    "follow.officers_only": _("Only officers follow projects."),
    "mail.not_yours": _("Which e-mails somebody gets is theirs to choose."),
    "mute.officers_only": _("Only officers mute something."),
    "import.members_only": _("Only a member of the council brings its projects in."),
    "import.not_the_worker": _("Only the worker says that every line of an import was seen to."),
    "interest.members_only": _("Only a member of a council shows its interest."),
    "interest.not_yours": _("Only whoever showed an interest takes it back."),
    "interest.own_project": _("The team and the lead council show no interest in their own project."),
    "join_request.in_team": _("The officer is in the team already."),
    "join_request.members_only": _("Only a member of a council asks to join a team."),
    "join_request.not_asked": _("Only whoever was asked to join answers."),
    "join_request.not_yours": _("Only whoever asked to join takes the request back."),
    "lesson.document_leads_only": _("Only a lead of the project that keeps the document does this."),
    "lesson.leads_only": _("Only a lead of the lesson's project does this."),
    "lesson.members_only": _("Only a member of a council says that it used a lesson."),
    "lesson.own_lesson": _("The council that wrote a lesson does not say that it used it."),
    "lesson.team_only": _("Only the team of the lesson's project does this."),
    "membership.not_yours": _("Only the officer, or an admin of the council, changes a membership."),
    "membership.own": _("Nobody decides on their own membership."),
    "pledge.both_sides": _("Whoever offered or authorised a pledge cannot also accept or decline it."),
    "pledge.leads_project": _("Whoever leads the project cannot authorise a pledge to it."),
    "pledge.may_not_break": _("Only an authoriser or admin of the pledging council breaks its committed pledge."),
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
    "project.not_the_clock": _("Only the passing of the decision date takes its decision."),
    "project.not_yours_to_record": _("Past work found in public sources is recorded by the operator of the site only."),
    "project.team_only": _("Only the project's team does this."),
    "question.not_asked": _("Only whoever was asked replies."),
    "request.foreign_origin": _("The request was sent from another website, so it was not done."),
    "role.not_coordinator": _("Only a coordinator does this."),
    "role.not_operator": _("Only the operator of the site does this."),
    "role.not_platform_admin": _("Only a platform admin does this."),
    "role.own": _("Nobody gives or takes their own role."),
    "token.not_yours": _("A token is revoked by the officer who made it only."),
    "token.pages_only": _("Tokens are made by a person on a page, never by a program."),
    "token.scope": _("The token was not made for this; make one that has the scope."),
    "webhook.members_only": _("Only a member of a council makes its webhooks."),
    "webhook.not_the_worker": _("Only the answers of a receiver make a webhook active or end it."),
    "webhook.not_yours": _("Only whoever made a webhook, or an admin of its council, looks after it."),
    "signpost.not_a_coordinator": _("Only a coordinator keeps the signposts of a nation."),
    "spare_capacity.not_its_council": _("Only officers of the council that listed it change it."),
    "signpost.not_its_admin": _("Only an admin of the council keeps its signposts."),
    "signpost.not_yours_to_load": _("The signposts that come with Pipeline are loaded by the operator only."),
    "totals.not_the_operator": _("Totals are mended by the operator of the site only."),
}
"""Answered 403: the thing can be seen, and this person may not do that to it."""

CONFLICTS = {
    **handovers.CONFLICTS,
    "recurrence.gone": _("What several councils changed alike was made in a text that reads otherwise now."),
    "project.has_documents": _("The project has shared documents that others may use, so it stays."),
    "project.keeps_documents": _("The project is where a council keeps its documents, and asks for nothing."),
    "condition.cannot_hold": _("A condition of the offer could not come true in the room that would be left."),
    "account.address_taken": _("Another account has this e-mail address."),
    "account.password_changed": _("The password was changed meanwhile."),
    "account.stale": _("Somebody changed the account meanwhile."),
    "authorisation.not_named": _("Only what somebody named by e-mail authorised can be set aside."),
    "authorisation.record_not_made": _("The document could not be made just now."),
    "authorisation.too_many_codes": _("As many codes have been sent for this request as can be."),
    "authorisation.too_many_requests": _("One officer can name only so many people by e-mail in a day."),
    "check.already_asked": _("The colleague has been asked already and has not answered yet."),
    "check.answered": _("The check has been answered already."),
    "check.not_a_draft": _("Only a draft is checked before it is published."),
    "check.yourself": _("A draft is checked by somebody else than its writer."),
    "delivery.answered": _("The delivery was answered already."),
    "pledge.release_asked": _("The council has asked to be let off already; the leads have not answered."),
    "delivery.asked_after": _("The leads have asked what became of the pledge, and have no answer yet."),
    "delivery.corrected": _("A later entry corrects the delivery."),
    "delivery.nobody_asked": _("The leads are not waiting for an answer about the pledge."),
    "delivery.not_due": _("The day by which somebody is to answer has not passed."),
    "delivery.waits": _("All that is left was recorded as delivered and waits for an answer."),
    "follow.not_followed": _("The officer does not follow it."),
    "follow.too_many": _("The officer follows as many things as one can."),
    "mute.not_muted": _("The officer has not muted it."),
    "idempotency.still_working": _("The first request with the same idempotency key has not ended yet."),
    "council_authority.unchanged": _("The council's settings are as they were sent."),
    "import.already_here": _("The project of a line was brought in or written meanwhile."),
    "import.ended": _("The import is finished, or was set aside."),
    "import.not_waiting": _("The import was confirmed or set aside already."),
    "import.nothing_to_add": _("Every line of the import is here already or was refused."),
    "interest.answered": _("A lead has answered the interest already."),
    "interest.stands": _("The officer has shown an interest in the project already."),
    "interest.withdrawn": _("The interest was taken back."),
    "join_request.answered": _("The request to join no longer waits for an answer."),
    "join_request.place_ended": _("The officer no longer works for the council they asked to join for."),
    "join_request.stands": _("The officer has asked, or was asked, to join already."),
    "lesson.document_not_public": _("Only its own team can see the document, so a lesson is not pinned to it."),
    "lesson.has_reply": _("The leads of the document have replied to the lesson, so it stays pinned to it."),
    "lesson.not_draft": _("The lesson is no longer a draft."),
    "lesson.not_pinned": _("The lesson is not pinned to a document."),
    "lesson.not_published": _("The lesson is not published."),
    "lesson.not_used": _("The council has not said that it used the lesson."),
    "lesson.used_already": _("The council has said already that it used the lesson."),
    "lesson.version_withdrawn": _("The version of the document was withdrawn."),
    "lesson.withdrawn": _("The lesson was withdrawn."),
    "limit.not_an_authoriser": _("Only an authoriser has a limit."),
    "limit.unchanged": _("The limit is the one that was sent."),
    "membership.already_there": _("The officer has a place in this council already."),
    "membership.not_waiting": _("The membership no longer waits for an answer."),
    "membership.too_many": _("An officer has places in a limited number of councils."),
    "membership.waiting": _("The membership has not been confirmed yet."),
    "need.closed": _("The need takes no more pledges."),
    "need.dropped": _("The need is no longer wanted."),
    "need.not_open": _("The need is not open."),
    "need.published": _("Councils have seen the need, so it is dropped or closed, not removed."),
    "need.unsigned_offers": _("A council has several offers to the need that nobody has authorised yet."),
    "need.pledges_stand": _("Pledges to the need stand, so it cannot be changed in this way."),
    "pledge.no_room": _("The need is capped and has less room than the pledge would take."),
    "pledge.not_due": _("The pledge's date has not passed."),
    "pledge.not_replaceable": _("Only a council's own authorised or accepted pledge to the same need is replaced."),
    "pledge.replaced_already": _("Another offer is already to take the place of the pledge."),
    "pledge.sign_off_passed": _("The date by which the pledge had to be authorised has passed."),
    "pledge.takes_no_questions": _("The pledge no longer waits for anything that a question could decide."),
    "pledge.unsigned_offer_stands": _("The council has an offer to this capped need that is not authorised yet."),
    "pledge.wrong_step": _("The pledge is not in a state in which this can be done; `allowed` names what can."),
    "project.date_moved_before": _("The decision date has been moved once already."),
    "project.decision_date_passed": _("The project's decision date has passed."),
    "project.ended": _("The project has ended."),
    "project.hidden": _("The project is hidden, so it cannot be given the go-ahead."),
    "project.last_lead": _("A project always has a lead of its lead council."),
    "project.mode_fixed": _("A pledge was authorised, so the project stays all or nothing, or flexible."),
    "project.no_date": _("A flexible project has no decision date."),
    "project.not_draft": _("The project is no longer a draft."),
    "project.not_published": _("The project has not been published."),
    "project.terms_apart": _(
        "Once a project is published, its phase and the terms councils pledge on are changed by acts of their own."
    ),
    "project.others_joined": _("Another council takes part in the project, so it can no longer be deleted."),
    "project.published": _("The project has been published, so this can no longer be done."),
    "project.same_phase": _("The project is in this phase already."),
    "project.takes_no_interest": _("Nobody leads the project here who could answer."),
    "project.takes_no_pledges": _("The project takes no pledges."),
    "project.takes_nobody": _("The work has ended, so nobody joins the team."),
    "project.terms_frozen": _("In the last five working days before its decision date the terms of a project stay."),
    "project.terms_just_changed": _("For five working days after a change of terms nobody gives the go-ahead."),
    "project.test_not_passed": _("The go-ahead test of the project does not pass."),
    "project.too_many_needs": _("The project has as many needs as it can have."),
    "project.wrong_status": _("The project is not in a state in which this can be done; `allowed` names what can."),
    "question.replied": _("The question has its reply already."),
    "role.unchanged": _("The officer has the role already, or does not have it."),
    "signpost.ended": _("The signpost has ended."),
    "spare_capacity.ended": _("The council no longer lists this spare capacity."),
    "spare_capacity.too_many": _("The council lists as much spare capacity as one can at a time."),
    "webhook.disabled": _("The webhook is turned off."),
    "webhook.not_active": _("The webhook is sent nothing but pings until its address has answered one."),
    "webhook.not_disabled": _("The webhook is not turned off."),
    "webhook.rotated_often": _("The secret was rotated twice within a day, and the old ones still hold."),
    "webhook.too_many": _("The council has as many webhooks as one can have."),
    "team.asks_first": _("Officers of another council are asked and join by saying yes."),
    "team.full": _("The team is as large as it can be."),
    "team.same_role": _("The officer has this place in the team already."),
    "token.too_many": _("The officer has as many tokens as one can have."),
    "team.trial": _("Only people of the lead council take part in a trial project."),
    "update.not_draft": _("The update is no longer a draft."),
    "update.not_published": _("The update has not been published."),
    "update.hidden": _("A coordinator hid the update, so it stays as it was."),
    "update.withdrawn": _("The update was withdrawn."),
}
"""Answered 409: right in another state."""

BROKEN_RULES = {
    "search.empty": _("A search to follow asks for nothing."),
    "export.too_many_rows": _("The list is too long to be made on request: narrow it, or take the whole file."),
    "condition.councils": _("The number of other councils is out of range."),
    "condition.group_unknown": _("The kind of council, nation or region is not one that councils are counted by."),
    "condition.met_alone": _("The pledge itself is enough for the condition."),
    "condition.misplaced": _("A condition says something that belongs to a condition of another kind."),
    "condition.need_dropped": _("The need named in a condition is no longer wanted."),
    "condition.need_unknown": _("The need named in a condition is not one of the project's."),
    "condition.repeated": _("The same condition is asked for twice."),
    "condition.too_many": _("The pledge has more conditions than it can have."),
    "condition.total": _("The sum a condition asks for is out of range."),
    "condition.unit": _("A sum is asked for in half-days or in pence."),
    "account.same_address": _("The new e-mail address is the present one."),
    "delivery.amount": _("The amount is not one that can have been delivered."),
    "delivery.day_in_future": _("Only what was given is recorded: the day has not come."),
    "delivery.day_too_early": _("The day is before the pledge was offered."),
    "delivery.other_kind": _("The amount belongs to a pledge of another kind."),
    "delivery.not_lower": _("Whoever disputes a delivery gives a lower figure than was recorded."),
    "authorisation.authority_not_stated": _("Whoever authorises states that they have the authority to."),
    "authorisation.code_wrong": _(
        "The code is not the newest that was mailed, or it was used, is too old or was tried too often."
    ),
    "authorisation.decided_on_in_future": _("The decision of the committee or cabinet lies in the future."),
    "authorisation.decided_on_missing": _("The day of the committee's or cabinet's decision is missing."),
    "authorisation.other_domain": _("The address is not at a domain of the pledging council."),
    "authorisation.person_missing": _("The name or job title of who decides is missing."),
    "authorisation.person_unreadable": _("The name or job title is too long, or holds an e-mail address."),
    "authorisation.reference_missing": _("The reference of the committee's or cabinet's decision is missing."),
    "authorisation.team_address": _("The address is that of a team, and a decision is somebody's."),
    "idempotency.other_body": _("The same idempotency key came before with other content."),
    "import.amount_unclear": _("A cell is not an amount in pounds."),
    "import.cell_too_long": _("A cell holds more than any column takes."),
    "import.cells_over": _("A line has more cells than there are columns."),
    "import.column_doubled": _("Two columns mean the same."),
    "import.date_unclear": _("A cell is not a date that can be read in one way only."),
    "import.days_unclear": _("A cell is not a number of whole or half days."),
    "import.empty": _("There is nothing in the file."),
    "import.formula": _("A cell begins as a formula does."),
    "import.header_unreadable": _("The line with the names of the columns cannot be read."),
    "import.letters_lost": _("Letters of a cell were lost on the way."),
    "import.need_unclear": _("A cell does not say what is needed and how much of it."),
    "import.no_lines": _("There are no projects in the file."),
    "import.not_text": _("The file is not a CSV file."),
    "import.not_worked_out": _("A cell holds what a spreadsheet shows when it cannot work out a value."),
    "import.number_unclear": _("A cell is not a whole number."),
    "import.one_source": _("A portfolio comes as rows or as CSV, one of them."),
    "import.quotes": _("A quotation mark is not closed, or stands inside a cell alone."),
    "import.same_reference": _("An earlier line has the same reference."),
    "import.same_title": _("An earlier line has the same title."),
    "import.spreadsheet": _("The file is a spreadsheet or a document, not a CSV file."),
    "import.too_large": _("The file is larger than is read at once."),
    "import.too_many": _("The officer has brought in as many files as one can within a day."),
    "import.too_many_columns": _("The file has more columns than are read."),
    "import.too_many_lines": _("There are more projects in the file than are brought in at once."),
    "import.too_many_needs": _("The project of a line asks for more things than one can."),
    "import.went_wrong": _("Something went wrong on our side with a line."),
    "import.word_unknown": _("A word is not in the list it should be from."),
    "import.yes_or_no_unclear": _("A cell is neither yes nor no."),
    "lesson.figure_unreadable": _("A figure of a measure is not a decimal number."),
    "lesson.language_unknown": _("The language is not one of English and Welsh."),
    "lesson.outcome_unknown": _("The outcome is not one a lesson can have."),
    "lesson.paragraph_unknown": _("The version of the document holds no such paragraph."),
    "lesson.theme_unknown": _("A theme is not in the vocabulary."),
    "lesson.too_many_measures": _("The lesson has more measures than it can have."),
    "lesson.too_many_themes": _("The lesson has more themes than it can have."),
    "lesson.version_not_later": _("Only a later version answers what was raised on an earlier one."),
    "limit.days_in_order": _("The last day comes before the first."),
    "limit.out_of_range": _("The limit is not an amount that can be pledged."),
    "limit.rule_in_future": _("The date of the standing rule lies in the future."),
    "membership.choose": _("The e-mail address belongs to several councils: one has to be chosen."),
    "need.below_held": _("A capped need cannot ask for less than what pledges hold already."),
    "need.kind_fixed": _("The kind and the profession of a need never change."),
    "need.target_out_of_range": _("A need asks for at least one unit, and for no more than any council could give."),
    "offer.amount": _("The amount is not one that can be pledged."),
    "offer.dates_far": _("The dates are too far away."),
    "offer.dates_in_order": _("The last day comes before the first."),
    "offer.dates_past": _("The dates have passed."),
    "need.other_kind": _("What was said belongs to another kind of need."),
    "offer.other_kind": _("What was said belongs to an offer towards another kind of need."),
    "offer.financial_years": _("The financial years are not in order or not near enough."),
    "offer.stands_until": _("The day until which the pledge stands is too early or too late."),
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
    "token.lifetime": _("A token works for one of the lengths of time on offer."),
    "webhook.address": _("The address is not one that can be called: https, a public name, and nothing else."),
    "webhook.council_unknown": _("There is no council of this slug or code."),
    "webhook.kind_unknown": _("There is no public event of this name."),
    "webhook.kinds_too_many": _("Too many kinds of events were named."),
    "webhook.project_unknown": _("There is no public project of this slug."),
    "webhook.replay_from": _("A replay begins after a cursor or at a moment, not both."),
    "introduction.nobody_there": _("The council has nobody who could be written to."),
    "spare_capacity.out_of_range": _("An amount is too small or too large, or a day is past or too far away."),
    "signpost.dates_in_order": _("The last day comes before the first."),
    "signpost.other_unit": _("The sum is not in the unit of what the signpost is about."),
    "signpost.source_not_https": _("The address of the source is not one on the web with https."),
    "signpost.sum_out_of_range": _("The sum is too small or too large."),
    "signpost.two_sums": _("A signpost has one sum: in pounds or in days."),
    "text.holds_address": _("The text holds the e-mail address of somebody with an account, so it cannot be public."),
}
"""Answered 422: what was sent breaks a rule, whatever the state."""

OTHERS = {
    "cursor.mismatch": (400, _("The cursor belongs to another list, or to the same list with other filters.")),
    "cursor.unreadable": (400, _("The cursor was not made here, or was changed.")),
    "authorisation.request_gone": (
        410,
        _("The link to an offer leads nowhere any more: it was decided, changed or ended, or its date has passed."),
    ),
    "event.cursor_gone": (
        410,
        _("The event the cursor stands at is no longer in the log: begin again without a cursor."),
    ),
    "project.deleted": (410, _("The project was public, and was deleted by the council that posted it.")),
    "export.not_ready": (
        503,
        _("The file is being made, or being made anew because something in it was taken away. Try again in a minute."),
    ),
    "version.text_gone": (410, _("The text of a version was removed for good: it cannot be read or compared.")),
    "link.gone": (410, _("The link was used, has expired, or a newer one took its place.")),
    "request.member": (400, _("A member of the body is unknown, read-only, malformed, out of range, or missing.")),
    "request.stale_version": (412, _("It was changed since the version named in If-Match: read it again.")),
    "request.version_missing": (428, _("An edit must name the version it was made from, in If-Match.")),
    "request.idempotency_key": (400, _("The Idempotency-Key is missing where it is required, or is malformed.")),
    "token.expired": (401, _("The token has expired.")),
    "token.revoked": (401, _("The token was revoked, or ended with its officer's place or password.")),
    "token.unknown": (401, _("What was sent is not a token, or nobody has it.")),
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
    named = (
        (403, NOT_ALLOWED),
        (409, CONFLICTS),
        (422, BROKEN_RULES),
        *moderation_problems.BY_STATUS,
        *document_problems.BY_STATUS,
    )
    for status, sentences in named:
        found += [ProblemType(code, status, Words(sentence)) for code, sentence in sentences.items()]
    return {one.code: one for one in sorted(found, key=lambda one: one.code)}


PROBLEM_TYPES = _collected()
"""Every kind that is named in full, by code."""

_WORDS = re.compile(r"[a-z]+(_[a-z]+)*", re.ASCII)
NOUNS = frozenset(code.split(".")[0] for code in PROBLEM_TYPES) | {
    "hiding",
    "message",
    "need",
    "offer",
    "officer",
    "page",
    "session",
    "theme",
    "unsubscribe",
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

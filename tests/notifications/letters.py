"""A letter of every kind of mail there is, about things with any titles: what the tests of how mail reads look at.

Writing the real thing from rows is each subject's own test; here every sentence is laid out once.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from pipeline.artefacts.rules import SuggestionStatus
from pipeline.contact.rules import ContactTo
from pipeline.kernel.words import Words
from pipeline.notifications import (
    adoption_messages,
    authority_messages,
    comment_messages,
    contact_mail,
    delivery_messages,
    difference_mail,
    digest_words,
    following_messages,
    freshness_messages,
    interest_messages,
    introduction_messages,
    lesson_messages,
    messages,
    moderation_messages,
    project_messages,
    review_mail,
    succession_mail,
    suggestion_messages,
    waiting_messages,
    webhook_mail,
)
from pipeline.notifications.delivery_queries import DeliveryTold
from pipeline.notifications.interest_queries import ProjectTold as Told
from pipeline.notifications.messages import ROLE_GIVEN, Item, Letter, PledgeTold, Section, Side, amount_words
from pipeline.notifications.project_messages import OwnPledge, ProjectTold
from pipeline.pledges.rules import PledgeStatus
from pipeline.projects.rules import ProjectStatus
from pipeline.search.messages import ONE_OF_KIND
from pipeline.search.models import EntryKind
from tests.notifications.test_mail import PLEDGE_ID

DAY = date(2028, 2, 29)
HERE = f"/pledges/{PLEDGE_ID}"

Letters = dict[str, Letter]


def letters_about(title: str, council: str, text: str) -> Letters:
    """Every kind of mail, about something with a title, between councils of a name; `text` is what officers wrote.

    A kind that has several forms has them as `kind: form`.
    """
    return {
        **_of_accounts(council),
        **_of_pledges(title, council),
        **_of_deliveries(title, council),
        **_of_projects(title, council),
        **_around_projects(title, council),
        **_of_documents(title, council),
        **_of_people(title, council, text),
    }


def kinds_of(letters: Mapping[str, Letter]) -> set[str]:
    return {name.partition(":")[0] for name in letters}


def _each(kind: str, write: Callable[[Any], Letter], told: Callable[[Side], Any]) -> Letters:
    return {f"{kind}: {side}": write(told(side)) for side in Side}


def _of_accounts(council: str) -> Letters:
    return {
        "account.verify": messages.account_verify("token"),
        "account.verify: another address": messages.account_address("token"),
        "account.reset": messages.account_reset("token"),
        "account.already_here": messages.account_already_here(),
        "account.password_changed": messages.account_password_changed(),
        "account.address_changed": messages.account_address_changed(),
        "account.token_made": messages.account_token_made(),
        "account.token_leaked": messages.account_token_leaked(),
        "membership.waiting": messages.membership_waiting(council, "eastmere", has_admin=True),
        "membership.waiting: nobody": messages.membership_waiting(council, "eastmere", has_admin=False),
        "membership.started": messages.membership_started(council),
        **{f"role.given: {role}": messages.role_given(role, council) for role in ROLE_GIVEN},
        "membership.succeeded": succession_mail.follows(council, council, carries_on=False),
        "council.to_assign": succession_mail.to_assign(council, "/councils/eastmere/reorganisation"),
        **{
            f"webhook.disabled: {because}": webhook_mail.off(council, because, "/councils/eastmere/settings")
            for because in webhook_mail.BECAUSE
        },
    }


def _of_pledges(title: str, council: str) -> Letters:
    def told(side: Side) -> PledgeTold:
        return PledgeTold(
            pledge_id=PLEDGE_ID, project=title, lead_council=council, need=title, council=council,
            amount=amount_words("in_kind", 1200, "room bookings"), sign_off_by=DAY, side=side,
        )  # fmt: skip

    one = told(Side.COUNCIL)
    letters: Letters = {}
    for kind, write in messages.PLEDGE_LETTERS.items():
        letters |= _each(kind, write, told)
    return {
        **letters,
        "authorisation.named": authority_messages.named_asked(one, "token"),
        "authorisation.code": authority_messages.named_code(one, "token", "123456"),
        "pledge.by_named": authority_messages.authorised_by_named(one),
        **_each("pledge.set_aside", authority_messages.set_aside, told),
        "pledge.nobody_decides": authority_messages.nobody_decides(one),
        "pledge.reminded": interest_messages.pledge_reminded(one),
        "pledge.counts_or_waits: counts": waiting_messages.counts_or_waits(one, True),
        "pledge.counts_or_waits: waits": waiting_messages.counts_or_waits(one, False),
        "pledge.counts_or_waits: merged": waiting_messages.counts_or_waits(one, False, has_merged=True),
        "pledge.carry_over_asked": freshness_messages.carry_over_asked(HERE, title, council, DAY),
        **_each("pledge.broken", delivery_messages.pledge_broken, told),
        **_each("pledge.released", delivery_messages.pledge_released, told),
        "pledge.partner_broke": delivery_messages.partner_broke(one),
        "pledge.release_asked": delivery_messages.release_asked(told(Side.LEAD)),
        "pledge.release_refused": delivery_messages.release_refused(told(Side.COUNCIL)),
        "delivery.missed": delivery_messages.delivery_missed(one, DAY),
        "delivery.explained": delivery_messages.delivery_explained(told(Side.LEAD)),
    }


def _of_deliveries(title: str, council: str) -> Letters:
    def told(side: Side) -> DeliveryTold:
        pledge = PledgeTold(
            pledge_id=PLEDGE_ID, project=title, lead_council=council, need=title, council=council,
            amount=amount_words("funding", 150050, None), sign_off_by=DAY, side=side,
        )  # fmt: skip
        return DeliveryTold(
            pledge=pledge, given=amount_words("time", 3, None), delivered_on=DAY,
            disputed=amount_words("time", 1, None), answer_due_on=DAY, is_answered=False, is_corrected=False,
        )  # fmt: skip

    return {
        **_each("delivery.recorded", delivery_messages.delivery_recorded, told),
        **_each("delivery.agreed", delivery_messages.delivery_agreed, told),
        **_each("delivery.disputed", delivery_messages.delivery_disputed, told),
        **_each("delivery.counted", delivery_messages.delivery_counted, told),
    }


def _of_projects(title: str, council: str) -> Letters:
    own = tuple(OwnPledge(status, amount_words("time", 3, None), title) for status in project_messages.MEANS)

    def told(status: ProjectStatus = ProjectStatus.OPEN, **values: Any) -> ProjectTold:
        return ProjectTold(
            path="/projects/repairs", title=title, status=status, is_flexible=False, decision_on=DAY,
            lead_council=council, own=own, **values,
        )  # fmt: skip

    letters: Letters = {}
    for kind, (write, true_while) in project_messages.PROJECT_LETTERS.items():
        letters[kind] = write(told(true_while[0]))
        letters[f"{kind}: to a lead"] = write(told(true_while[0], is_lead=True, nobody_led=True))
    offered = OwnPledge(PledgeStatus.OFFERED, amount_words("time", 3, None), title)
    return {
        **letters,
        "project.date_near": project_messages.date_near(told(is_lead=True), 1, [(council, offered)], 2),
        "project.nobody_leads": project_messages.nobody_leads(told()),
    }


def _around_projects(title: str, council: str) -> Letters:
    told = Told(project=title, lead_council=council, path=HERE)
    passing = freshness_messages.Passing(path=HERE, project=title, old=council, new=council, answer_due_on=DAY)
    return {
        "interest.shown": interest_messages.interest_shown(told),
        "interest.answered": interest_messages.interest_answered(told),
        "team.asked": interest_messages.join_asked(told),
        "team.invited": interest_messages.join_invited(council, HERE),
        "team.declined": interest_messages.join_declined(told),
        "team.in": interest_messages.team_in(told),
        "team.joined": interest_messages.team_joined(told),
        "question.asked": interest_messages.question_asked(told),
        "question.replied": interest_messages.question_replied(told),
        "answer.late": interest_messages.answer_late(told),
        "need.room": interest_messages.room_free(told, title),
        "update.published": interest_messages.update_published(told),
        "project.nudged": freshness_messages.nudged(HERE, title, is_last=False),
        "project.nudged: last": freshness_messages.nudged(HERE, title, is_last=True),
        "project.quiet": freshness_messages.quiet(HERE, title),
        "project.looking_for_lead": freshness_messages.looking_for_lead(HERE, title),
        "project.given_up": freshness_messages.given_up(HERE, title),
        "project.hand_over_offered": freshness_messages.hand_over_offered(passing),
        "project.takeover_asked": freshness_messages.takeover_asked(passing),
        "project.takeover_to_agree": freshness_messages.takeover_to_agree(passing),
        "project.takeover_to_approve": freshness_messages.takeover_to_approve(passing),
        "project.handover_ended": freshness_messages.handover_ended(passing),
        "project.handed_over": freshness_messages.handed_over(passing),
        "project.removed": moderation_messages.project_hidden(council),
        "project.restored": moderation_messages.project_back(title, HERE),
        "project.new": following_messages.project_new(
            following_messages.NewsTold(title=title, council=council, path=HERE)
        ),
        "check.asked": messages.check_asked(HERE),
        "check.answered": messages.check_answered(HERE),
    }


def _of_documents(title: str, council: str) -> Letters:
    news = following_messages.NewsTold(title=title, council=council, path=HERE)
    lesson = lesson_messages.LessonTold(path=HERE, document=title, number=3, council=council, own_council=council)
    suggested = {
        status: suggestion_messages.suggestion_answered(
            suggestion_messages.SuggestionTold(title=title, council=council, path=HERE, status=status)
        )
        for status in SuggestionStatus
    }
    adopted = [
        adoption_messages.AdoptionTold(
            path=HERE, document=title, keeper=council, own_council=council, used=1, number=2, has_copy=has_copy
        )
        for has_copy in (False, True)
    ]
    return {
        "document.new": following_messages.document_new(news),
        "document.version": following_messages.document_version(news, 3),
        "lesson.new": following_messages.lesson_new(news),
        "search.found": following_messages.search_found(news, ONE_OF_KIND[EntryKind.LESSON], f"“{title}”"),
        "lesson.pinned": lesson_messages.lesson_pinned(lesson),
        "lesson.raised": lesson_messages.lesson_raised(lesson),
        "suggestion.made": suggestion_messages.suggestion_made(
            suggestion_messages.SuggestionTold(title=title, council=council, path=HERE, status=SuggestionStatus.MADE)
        ),
        **{f"suggestion.answered: {status}": letter for status, letter in suggested.items() if letter is not None},
        "adoption.newer_version": adoption_messages.newer_version(adopted[0]),
        "adoption.newer_version: with a copy": adoption_messages.newer_version(adopted[1]),
        "adoption.version_withdrawn": adoption_messages.version_withdrawn(adopted[0]),
        "artefact.review_due": review_mail.to_review(title, "/documents/policy", DAY),
    }


def _of_people(title: str, council: str, text: str) -> Letters:
    comment = comment_messages.CommentTold(path=HERE, title=title, council=council)
    introduction = introduction_messages.IntroductionTold(
        path=HERE, council=council, other=council, project=title, message=text
    )
    lines = tuple(Item(Words("{title}", title=title), HERE) for _ in range(3))
    return {
        "comment.mentioned": comment_messages.mentioned(comment),
        "comment.written": comment_messages.written(comment),
        "introduction.made": introduction_messages.introduction_made(introduction),
        "difference.said": difference_mail.how_theirs_differs(council, title, title, text, HERE),
        **{
            f"contact.message: {to}": contact_mail.from_officer(
                contact_mail.name_of("Jo Bell", council), text, HERE, to
            )
            for to in ContactTo
            if to in contact_mail.WHY
        },
        "contact.message: without a name": contact_mail.from_officer(
            contact_mail.name_of(None, council), text, HERE, ContactTo.OFFICER
        ),
        "contact.message: where nobody takes messages": contact_mail.from_officer(
            contact_mail.name_of("Jo Bell", council), text, HERE, ContactTo.COUNCIL, council
        ),
        "contact.site": contact_mail.through_the_form(text, "jo@wexcombe.example"),
        "contact.site: without an address": contact_mail.through_the_form(text, ""),
        **{
            f"moderation.removed: {about}": moderation_messages.hidden(about, HERE)
            for about in moderation_messages.HIDDEN_WORDS
        },
        **{
            f"moderation.restored: {about}": moderation_messages.brought_back(about, HERE)
            for about in moderation_messages.BACK_WORDS
        },
        "report.made": moderation_messages.reported("/coordination/reports/1"),
        "report.settled": moderation_messages.settled(is_hidden=True),
        "report.settled: nothing": moderation_messages.settled(is_hidden=False),
        "digest": Letter(
            digest_words.subject(DAY), (), digest_words.SEE_ALL, "/notices", digest_words.WHY,
            (
                Section(digest_words.NEEDS_YOU, lines), Section(digest_words.MOVED, lines),
                Section(digest_words.NEW, lines),
            ),
        ),
    }  # fmt: skip

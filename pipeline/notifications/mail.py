"""Writes an e-mail at the moment it leaves: in its reader's language, from what its reader may see then.

What the reader may no longer see, or what is no longer true, is not sent at all.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from email.message import EmailMessage
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from pipeline.accounts.models import Officer
from pipeline.accounts.queries import standing_now
from pipeline.accounts.rules import LinkPurpose, link_token
from pipeline.db.outbox import OutboxMessage
from pipeline.db.work import Reading
from pipeline.kernel.actor import ANONYMOUS, Actor, Channel, Role
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import NotFound
from pipeline.notifications import (
    adoption_mail,
    authority_messages,
    authority_queries,
    comment_mail,
    contact_mail,
    date_reminders,
    delivery_messages,
    delivery_queries,
    difference_mail,
    digest_words,
    digests,
    finding,
    following_mail,
    found_mail,
    freshness_mail,
    interest_mail,
    introduction_mail,
    lesson_mail,
    messages,
    moderation_mail,
    project_messages,
    project_queries,
    queries,
    review_mail,
    succession_mail,
    suggestion_mail,
    waiting_messages,
    webhook_mail,
)
from pipeline.notifications.delivery_queries import DeliveryTold
from pipeline.notifications.envelope import Desk, NoLongerDue, Office, put_in_envelope
from pipeline.notifications.gathering import Line, letter_of
from pipeline.notifications.kinds import KINDS
from pipeline.notifications.messages import PLEDGE_LETTERS, Letter, PledgeTold, Side
from pipeline.notifications.project_messages import PROJECT_LETTERS
from pipeline.notifications.unsubscribing import AT_ONCE, DIGESTS, Unsubscribed
from pipeline.pledges.authority import code_of, request_token
from pipeline.pledges.rules import PledgeStatus
from pipeline.projects.rules import ProjectStatus


def write_message(session: Session, message: OutboxMessage, office: Office, now: datetime) -> tuple[str, EmailMessage]:
    """Return the address a message goes to, and the message. Raises NoLongerDue."""
    if message.officer_id is None:
        return _write_to_address(session, message, office, now)
    reader = _reader_of(session, message)
    letter = _letter(session, reader, message, office, now)
    address = message.address or reader.address
    ends = None
    if message.kind in KINDS:
        ends = Unsubscribed(reader.id, KINDS[message.kind].sort.value)
    elif message.kind == digest_words.KIND:
        ends = Unsubscribed(reader.id, DIGESTS)
    return address, put_in_envelope(letter, address, reader.language, message.id, office, now, ends)


def write_together(
    session: Session, messages: Sequence[OutboxMessage], office: Office, now: datetime
) -> tuple[str, EmailMessage, dict[UUID, str]]:
    """Several messages for one officer as one e-mail, a line for each thing they are about, with the address it goes to
    and, by id, why some of them are not due any more. Its Message-ID is that of just these messages. Raises NoLongerDue
    where none is due."""
    reader = _reader_of(session, messages[0])
    lines: list[Line] = []
    gone: dict[UUID, str] = {}
    for message in messages:
        try:
            letter = _letter(session, reader, message, office, now)
        except NoLongerDue as reason:
            gone[message.id] = str(reason)
        else:
            lines.append(Line(message, letter))
    if not lines:
        raise NoLongerDue("; ".join(sorted(set(gone.values()))))
    sorts = {KINDS[line.message.kind].sort for line in lines}
    ends = Unsubscribed(reader.id, sorts.pop().value if len(sorts) == 1 else AT_ONCE)
    email = put_in_envelope(letter_of(lines), reader.address, reader.language, _together(messages), office, now, ends)
    return reader.address, email, gone


def _together(messages: Sequence[OutboxMessage]) -> UUID:
    """The id of some messages in one e-mail: the same for the same messages, and another with one more."""
    oldest, *others = sorted(message.id for message in messages)
    return uuid5(oldest, " ".join(map(str, others))) if others else oldest


def _reader_of(session: Session, message: OutboxMessage) -> Officer:
    reader = queries.reader_of(session, message.officer_id) if message.officer_id else None
    if reader is None:
        raise NoLongerDue("its reader's account is gone")
    return reader


def _letter(session: Session, reader: Officer, message: OutboxMessage, office: Office, now: datetime) -> Letter:
    """What a message says to its reader now, with the roles they hold now. Raises NoLongerDue."""
    council_id = message.payload.get("council_id")
    reading = Reading(session, Actor(Channel.WORKER, reader.id, UUID(council_id) if council_id else None), now)
    reading.actor = standing_now(reading)
    try:
        return LETTERS[message.kind](Desk(reading, reader, message.payload, office))
    except NotFound:
        raise NoLongerDue("its reader may no longer see what it is about") from None


def _write_to_address(
    session: Session, message: OutboxMessage, office: Office, now: datetime
) -> tuple[str, EmailMessage]:
    """A message to somebody without an account, in the language of whoever wrote to them. Raises NoLongerDue."""
    letter = LETTERS[message.kind](Desk(Reading(session, ANONYMOUS, now), None, message.payload, office))
    address = message.address or ""
    return address, put_in_envelope(letter, address, message.payload["language"], message.id, office, now)


# Letters about the reader's own account


def _by_link(desk: Desk) -> Letter:
    """A letter with a one-time link, whose token is worked out here: the database does not hold it."""
    link = queries.link_of(desk.reading.session, desk.id("link_id"))
    if link is None or link.used_at is not None or link.expires_at <= desk.reading.now:
        raise NoLongerDue("its link has been used, replaced or has expired")
    token = link_token(desk.office.secret_key, link.id)
    return BY_PURPOSE[LinkPurpose(link.purpose)](token)


BY_PURPOSE: dict[LinkPurpose, Callable[[str], Letter]] = {
    LinkPurpose.VERIFY: messages.account_verify,
    LinkPurpose.ADDRESS: messages.account_address,
    LinkPurpose.RESET: messages.account_reset,
}


def _plain(letter: Callable[[], Letter]) -> Callable[[Desk], Letter]:
    return lambda _desk: letter()


# Letters about places and roles


def _membership_waiting(desk: Desk) -> Letter:
    waiting = queries.membership_waiting(desk.reading.session, desk.id("membership_id"))
    if waiting is None:
        raise NoLongerDue("nobody waits any more")
    actor = desk.reading.actor
    if actor.has(Role.COUNCIL_ADMIN) and actor.council_id == waiting.council_id:
        return messages.membership_waiting(waiting.council, waiting.slug, has_admin=True)
    if actor.has(Role.COORDINATOR):
        return messages.membership_waiting(waiting.council, waiting.slug, has_admin=False)
    raise NotFound("membership")


def _membership_started(desk: Desk) -> Letter:
    if not desk.reading.actor.has(Role.MEMBER):
        raise NotFound("membership")
    return messages.membership_started(_council_of(desk))


def _role_given(desk: Desk) -> Letter:
    role = Role(desk.payload["role"])
    if not desk.reading.actor.has(role):
        raise NoLongerDue("the role has been taken back")
    return messages.role_given(role, _council_of(desk))


def _council_of(desk: Desk) -> str:
    """The name of the council the reader is addressed as an officer of; empty for a role on the whole platform."""
    council_id = desk.reading.actor.council_id
    return queries.council_named(desk.reading.session, council_id) if council_id else ""


# Letters about pledges

TRUE_WHILE: dict[str, frozenset[PledgeStatus]] = {
    "pledge.asked": frozenset({PledgeStatus.OFFERED}),
    "pledge.offered": frozenset({PledgeStatus.OFFERED}),
    "pledge.authorised": frozenset({PledgeStatus.AUTHORISED}),
    "pledge.refused": frozenset({PledgeStatus.REFUSED}),
    "pledge.accepted": frozenset({PledgeStatus.ACCEPTED}),
    "pledge.committed": frozenset({PledgeStatus.COMMITTED}),
    "pledge.declined": frozenset({PledgeStatus.DECLINED}),
    "pledge.withdrawn": frozenset({PledgeStatus.WITHDRAWN}),
    "pledge.lapsed": frozenset({PledgeStatus.LAPSED}),
}
"""The states in which a mail still says what is so. Whoever is overtaken by the next step is told of that one."""


def _about_pledge(kind: str) -> Callable[[Desk], Letter]:
    def write(desk: Desk) -> Letter:
        if kind == "pledge.asked" and not desk.reading.actor.has(Role.AUTHORISER):
            raise NotFound("pledge")
        status, told = queries.pledge_told(desk.reading, desk.id("pledge_id"), Side(desk.payload["side"]))
        if status not in TRUE_WHILE[kind]:
            raise NoLongerDue(f"the pledge is {status.value} by now")
        if kind == "pledge.asked" and not authority_queries.may_decide(desk.reading, desk.id("pledge_id")):
            raise NoLongerDue("its reader cannot decide on this offer")
        return PLEDGE_LETTERS[kind](told)

    return write


def _named(desk: Desk) -> Letter:
    """To somebody named by e-mail: the link that lets them read the offer."""
    request_id = desk.id("request_id")
    return authority_messages.named_asked(_told_of_request(desk, request_id), _token(desk, request_id))


def _code(desk: Desk) -> Letter:
    """To somebody named by e-mail: the code, which is worked out here and kept nowhere."""
    code_id = desk.id("code_id")
    request_id = authority_queries.request_of_code(desk.reading.session, code_id, desk.reading.now)
    if request_id is None:
        raise NoLongerDue("its code has been used or has expired")
    told = _told_of_request(desk, request_id)
    return authority_messages.named_code(told, _token(desk, request_id), code_of(desk.office.secret_key, code_id))


def _told_of_request(desk: Desk, request_id: UUID) -> PledgeTold:
    told = authority_queries.request_told(desk.reading.session, request_id, desk.reading.now)
    if told is None:
        raise NoLongerDue("the offer does not wait for its reader any more")
    return told


def _token(desk: Desk, request_id: UUID) -> str:
    return request_token(desk.office.secret_key, request_id)


def _about_authority(letter: Callable[[PledgeTold], Letter], *statuses: PledgeStatus) -> Callable[[Desk], Letter]:
    def write(desk: Desk) -> Letter:
        status, told = queries.pledge_told(desk.reading, desk.id("pledge_id"), Side(desk.payload["side"]))
        if status not in statuses:
            raise NoLongerDue(f"the pledge is {status.value} by now")
        return letter(told)

    return write


def _counts_or_waits(desk: Desk) -> Letter:
    """What is so when it leaves, whatever happened to the pledge since the mail was owed."""
    pledge_id = desk.id("pledge_id")
    status, told = queries.pledge_told(desk.reading, pledge_id, Side(desk.payload["side"]))
    if status not in (PledgeStatus.AUTHORISED, PledgeStatus.ACCEPTED):
        raise NoLongerDue(f"the pledge is {status.value} by now")
    session = desk.reading.session
    return waiting_messages.counts_or_waits(
        told, waiting_messages.is_counting(session, pledge_id),
        has_merged=waiting_messages.councils_merged(session, pledge_id),
    )  # fmt: skip


# Letters about deliveries


def _about_delivery(letter: Callable[[DeliveryTold], Letter], *, while_unanswered: bool) -> Callable[[Desk], Letter]:
    def write(desk: Desk) -> Letter:
        told = delivery_queries.delivery_told(desk.reading, desk.id("delivery_id"), Side(desk.payload["side"]))
        if told.is_corrected or (while_unanswered and told.is_answered):
            raise NoLongerDue("the delivery has been answered or corrected by now")
        return letter(told)

    return write


def _delivery_missed(desk: Desk) -> Letter:
    pledge_id = desk.id("pledge_id")
    _status, told = queries.pledge_told(desk.reading, pledge_id, Side(desk.payload["side"]))
    due_on = delivery_queries.answer_due_on(desk.reading.session, pledge_id)
    if due_on is None:
        raise NoLongerDue("the council has answered by now")
    return delivery_messages.delivery_missed(told, due_on)


# Letters about the fate of a project


def _about_project(kind: str) -> Callable[[Desk], Letter]:
    write_letter, true_while = PROJECT_LETTERS[kind]

    def write(desk: Desk) -> Letter:
        moment = desk.payload.get("moment")
        happened_at = datetime.fromisoformat(moment) if moment else None
        told = project_queries.project_told(desk.reading, desk.id("project_id"), happened_at)
        if told.status not in true_while:
            raise NoLongerDue(f"the project is {told.status.value} by now")
        return write_letter(told)

    return write


def _date_near(desk: Desk) -> Letter:
    told = project_queries.project_told(desk.reading, desk.id("project_id"), None)
    if told.status is not ProjectStatus.OPEN or told.decision_on is None or not told.is_lead:
        raise NoLongerDue("the decision was taken, or the reader leads the project no longer")
    nation = project_queries.nation_of(desk.reading.session, desk.id("project_id"))
    left = date_reminders.days_before(uk_date(desk.reading.now), told.decision_on, nation)
    return project_messages.date_near(
        told, left, *project_queries.answers_missing(desk.reading.session, desk.id("project_id"))
    )


def _nobody_leads(desk: Desk) -> Letter:
    told = project_queries.project_told(desk.reading, desk.id("project_id"), None)
    is_running = told.status in (ProjectStatus.OPEN, ProjectStatus.GOING_AHEAD)
    if not is_running or project_queries.has_own_lead(desk.reading.session, desk.id("project_id")):
        raise NoLongerDue("somebody leads the project by now, or it has ended")
    if not desk.reading.actor.has(Role.COUNCIL_ADMIN):
        raise NoLongerDue("its reader looks after the council's people no longer")
    return project_messages.nobody_leads(told)


# Letters about drafts to check


def _check_asked(desk: Desk) -> Letter:
    check = queries.check_of(desk.reading.session, desk.id("check_id"))
    if check is None or check.is_answered:
        raise NoLongerDue("it has been answered, or the draft is gone")
    return messages.check_asked(check.path)


def _check_answered(desk: Desk) -> Letter:
    check = queries.check_of(desk.reading.session, desk.id("check_id"))
    if check is None or not queries.project_is_seen(desk.reading, check.project_id):
        raise NotFound("project")
    return messages.check_answered(check.path)


# Letters about interest, joining, asking back, late answers and following


def _around_project(write: interest_mail.Writer) -> Callable[[Desk], Letter]:
    def written(desk: Desk) -> Letter:
        letter = write(desk.reading, desk.payload)
        if letter is None:
            raise NoLongerDue("it is settled by now")
        return letter

    return written


def _search_found(desk: Desk) -> Letter:
    """Something new that a search finds, which is called by its own words in the reader's language."""
    language = desk.reader.language if desk.reader else "en"
    letter = found_mail.search_found(desk.reading, desk.payload, language)
    if letter is None:
        raise NoLongerDue("it is not to be seen now, or the search is not followed any more")
    return letter


AFTER_COMMITMENT = (PledgeStatus.COMMITTED, PledgeStatus.DELIVERED, PledgeStatus.BROKEN, PledgeStatus.RELEASED)

LETTERS: dict[str, Callable[[Desk], Letter]] = {
    "account.verify": _by_link,
    "account.reset": _by_link,
    "account.already_here": _plain(messages.account_already_here),
    "account.password_changed": _plain(messages.account_password_changed),
    "account.address_changed": _plain(messages.account_address_changed),
    "account.token_made": _plain(messages.account_token_made),
    "account.token_leaked": _plain(messages.account_token_leaked),
    "membership.waiting": _membership_waiting,
    "membership.started": _membership_started,
    "role.given": _role_given,
    **{kind: _about_pledge(kind) for kind in PLEDGE_LETTERS},
    waiting_messages.KIND: _counts_or_waits,
    "authorisation.named": _named,
    "authorisation.code": _code,
    "pledge.by_named": _about_authority(
        authority_messages.authorised_by_named, PledgeStatus.AUTHORISED, PledgeStatus.ACCEPTED
    ),
    "pledge.set_aside": _about_authority(authority_messages.set_aside, PledgeStatus.OFFERED),
    "pledge.nobody_decides": _about_authority(authority_messages.nobody_decides, PledgeStatus.OFFERED),
    "delivery.recorded": _about_delivery(delivery_messages.delivery_recorded, while_unanswered=True),
    "delivery.agreed": _about_delivery(delivery_messages.delivery_agreed, while_unanswered=False),
    "delivery.disputed": _about_delivery(delivery_messages.delivery_disputed, while_unanswered=False),
    "delivery.counted": _about_delivery(delivery_messages.delivery_counted, while_unanswered=True),
    "delivery.missed": _delivery_missed,
    "delivery.explained": _about_authority(delivery_messages.delivery_explained, *AFTER_COMMITMENT),
    "pledge.release_asked": _about_authority(delivery_messages.release_asked, PledgeStatus.COMMITTED),
    "pledge.release_refused": _about_authority(delivery_messages.release_refused, PledgeStatus.COMMITTED),
    "pledge.broken": _about_authority(delivery_messages.pledge_broken, PledgeStatus.BROKEN),
    "pledge.released": _about_authority(delivery_messages.pledge_released, PledgeStatus.RELEASED),
    "pledge.partner_broke": _about_authority(delivery_messages.partner_broke, PledgeStatus.COMMITTED),
    **{kind: _around_project(write) for kind, write in interest_mail.WRITERS.items()},
    **{kind: _around_project(write) for kind, write in lesson_mail.WRITERS.items()},
    **{kind: _around_project(write) for kind, write in suggestion_mail.WRITERS.items()},
    **{kind: _around_project(write) for kind, write in adoption_mail.WRITERS.items()},
    **{kind: _around_project(write) for kind, write in review_mail.WRITERS.items()},
    **{kind: _around_project(write) for kind, write in webhook_mail.WRITERS.items()},
    **{kind: _around_project(write) for kind, write in following_mail.WRITERS.items()},
    **{kind: _around_project(write) for kind, write in moderation_mail.WRITERS.items()},
    **{kind: _around_project(write) for kind, write in comment_mail.WRITERS.items()},
    **{kind: _around_project(write) for kind, write in contact_mail.WRITERS.items()},
    **{kind: _around_project(write) for kind, write in freshness_mail.WRITERS.items()},
    **{kind: _around_project(write) for kind, write in succession_mail.WRITERS.items()},
    **{kind: _around_project(write) for kind, write in introduction_mail.WRITERS.items()},
    **{kind: _around_project(write) for kind, write in difference_mail.WRITERS.items()},
    finding.KIND: _search_found,
    **{kind: _about_project(kind) for kind in PROJECT_LETTERS},
    date_reminders.KIND: _date_near,
    "project.nobody_leads": _nobody_leads,
    "check.asked": _check_asked,
    "check.answered": _check_answered,
}
"""How each kind of message is written."""

LETTERS[digest_words.KIND] = digests.writer(LETTERS)

"""Naming somebody by e-mail to decide on one's council's offer."""

from uuid import UUID

from sqlalchemy import select

from pipeline.accounts.models import Officer
from pipeline.accounts.queries.places import councils_of_domain
from pipeline.accounts.rules import Address
from pipeline.db.outbox import queue_message
from pipeline.db.work import UnitOfWork
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import Conflict, Problem, RuleBroken
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.pledges import asked, events, policy, rules
from pipeline.pledges.actions.agreeing import end_request
from pipeline.pledges.actions.steps import check_runs, taken, who
from pipeline.pledges.authority import MOST_REQUESTS_A_DAY, RequestEnd, check_people, is_team_address
from pipeline.pledges.models import AuthorisationRequest, Pledge
from pipeline.pledges.owed_answers import plan_nudges
from pipeline.pledges.rules import Act


def ask_by_mail(work: UnitOfWork, *, pledge_id: UUID, address: Address, language: str = "en") -> AuthorisationRequest:
    """Name somebody at an address of the pledging council to decide on its offer, until its sign-off date. Whoever was
    named before is asked no longer. The mail goes out in `language`.

    Raises NotFound, NotAllowed (authorisation.…: they can never decide on it, or the council does not let them),
    RuleBroken (authorisation.team_address, authorisation.other_domain), Conflict (pledge.wrong_step,
    pledge.sign_off_passed, project.takes_no_pledges, authorisation.too_many_requests).
    """
    pledge, facts = taken(work, pledge_id)
    work.require(policy.may_ask_by_mail(work.actor, facts))
    rules.check_step(facts.status, Act.AUTHORISE)
    rules.check_in_time(pledge.sign_off_by, uk_date(work.now))
    check_runs(pledge)
    _check_address(work, address, pledge.council_id)

    officer_id, _council_id = who(work)
    asker_key = work.session.execute(select(Officer.person_key).where(Officer.id == officer_id)).scalar_one()
    naming = asked.naming_of(work, pledge, facts, address, asker_key)
    work.require(policy.may_be_named(work.actor, naming.facts))
    work.require(check_people(asked.keys_asked(work, pledge.id), naming.person_key))
    if asked.requests_today(work, asker_key) >= MOST_REQUESTS_A_DAY:
        words = Words(_("You have sent {n} requests today. Send further ones tomorrow."), n=MOST_REQUESTS_A_DAY)
        raise Conflict("authorisation.too_many_requests", words)

    end_request(work, pledge, RequestEnd.REPLACED)
    return _send(work, pledge, address, naming.person_key, language, officer_id, asker_key)


def _check_address(work: UnitOfWork, address: Address, council_id: UUID) -> None:
    if is_team_address(address.local):
        words = Words(_("Give the address of one person. The code must not reach a whole team."))
        raise RuleBroken(Problem("authorisation.team_address", words, "address"))
    if not councils_of_domain(work.session, address.domain).decides_for(council_id):
        words = Words(_("Give a work address at your own council."))
        raise RuleBroken(Problem("authorisation.other_domain", words, "address"))


def ask_again(work: UnitOfWork, pledge: Pledge) -> None:
    """After an offer was changed: the earlier request ends, and whoever was named is asked about what it is now."""
    earlier = asked.request_of(work, pledge.id)
    if earlier is None:
        return
    end_request(work, pledge, RequestEnd.CHANGED)
    local, domain = earlier.address.rsplit("@", 1)
    _send(
        work, pledge, Address(local, domain), earlier.person_key, earlier.language, earlier.asked_by, earlier.asker_key
    )


def _send(
    work: UnitOfWork,
    pledge: Pledge,
    address: Address,
    person_key: str,
    language: str,
    asked_by: UUID,
    asker_key: str,
) -> AuthorisationRequest:
    request = work.add(
        AuthorisationRequest(
            id=new_id(), pledge_id=pledge.id, address=address.text, person_key=person_key, language=language,
            asked_by=asked_by, asker_key=asker_key, asked_at=work.now,
        )
    )  # fmt: skip
    plan_nudges(work, pledge)
    work.session.flush()
    work.record(
        events.AuthorisationAsked(
            pledge_id=pledge.id, project_id=pledge.project_id, pledging_council_id=pledge.council_id,
            sign_off_by=pledge.sign_off_by, request_id=request.id,
        ),
        council_id=pledge.council_id,
    )  # fmt: skip
    queue_message(
        work.session, kind="authorisation.named", officer_id=None, address=address.text, now=work.now,
        payload={"request_id": str(request.id), "language": language},
    )  # fmt: skip
    return request

"""Making webhooks, changing them, turning them off and on, and deleting them."""

from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict, NotFound
from pipeline.kernel.event import as_json
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.webhooks import policy, queries, queue, rules, succeeding  # noqa: F401 (succeeding signs up below)
from pipeline.webhooks.events import (
    WebhookChanged,
    WebhookDeleted,
    WebhookDisabled,
    WebhookEnabled,
    WebhookMade,
    WebhookSecretRotated,
    WebhookVerified,
)
from pipeline.webhooks.models import Webhook, WebhookDelivery, WebhookHealth, WebhookSecret
from pipeline.webhooks.rules import (
    MOST_SECRETS,
    MOST_WEBHOOKS,
    OLD_SECRET_HOLDS,
    WebhookStatus,
    WebhookTerms,
    WhyDisabled,
)

UNSAID = frozenset({"address", "description"})
"""What changed in these the log does not say: an address can hold a key of another system."""


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A webhook with a secret that is shown this once: it is worked out from `secret_id`."""

    webhook: Webhook
    secret_id: UUID


def make_webhook(work: UnitOfWork, *, terms: WebhookTerms, to_this_machine: bool = False) -> NewSecret:
    """Make a webhook of the council one acts for. It waits until its address has answered a ping with its secret.

    Raises NotAllowed, RuleBroken (webhook.*), Conflict("webhook.too_many").
    """
    work.require(policy.may_make_webhook(work.actor))
    officer_id, council_id = work.actor.officer_id, work.actor.council_id
    if officer_id is None or council_id is None:
        raise NotFound("webhook")
    target = rules.check_webhook(terms, to_this_machine=to_this_machine)
    if queries.number_of_council(work, council_id) >= MOST_WEBHOOKS:
        words = Words(_("Your council has {n} webhooks. Delete one that is no longer needed first."), n=MOST_WEBHOOKS)
        raise Conflict("webhook.too_many", words, ("delete",))
    webhook = work.add(
        Webhook(
            id=new_id(), council_id=council_id, officer_id=officer_id, address=target.url,
            description=terms.description, kinds=list(terms.kinds), only_council_id=terms.council_id,
            only_project_id=terms.project_id, status=WebhookStatus.WAITING.value, made_at=work.now, changed_at=work.now,
        )
    )  # fmt: skip
    work.session.flush()
    secret = work.add(WebhookSecret(id=new_id(), webhook_id=webhook.id, made_at=work.now))
    queue.owe_ping(work.session, webhook.id, work.now)
    work.record(WebhookMade(webhook_id=webhook.id, of_council_id=council_id))
    return NewSecret(webhook, secret.id)


def change_webhook(
    work: UnitOfWork,
    *,
    webhook_id: UUID,
    terms: WebhookTerms,
    version: int | None = None,
    to_this_machine: bool = False,
) -> Webhook:
    """Change what a webhook is told, or where. With another address it waits until that has answered.

    Raises NotFound, NotAllowed, RuleBroken (webhook.*), Conflict("webhook.changed_meanwhile").
    """
    webhook = _kept(work, webhook_id)
    if version is not None and version != webhook.version:
        words = Words(_("Somebody changed this webhook meanwhile. Look at it again before you change it."))
        raise Conflict("webhook.changed_meanwhile", words)
    target = rules.check_webhook(terms, to_this_machine=to_this_machine)
    before = webhook.terms
    after = WebhookTerms(
        address=target.url, description=terms.description, kinds=tuple(terms.kinds), council_id=terms.council_id,
        project_id=terms.project_id,
    )  # fmt: skip
    changes: dict[str, Any] = {
        one.name: None if one.name in UNSAID else as_json([getattr(before, one.name), getattr(after, one.name)])
        for one in fields(WebhookTerms)
        if getattr(before, one.name) != getattr(after, one.name)
    }
    if not changes:
        return webhook
    webhook.address, webhook.description, webhook.kinds = after.address, after.description, list(after.kinds)
    webhook.only_council_id, webhook.only_project_id = after.council_id, after.project_id
    if before.address != after.address and webhook.status == WebhookStatus.ACTIVE:
        _wait_for_answer(work, webhook)
    _touched(work, webhook)
    work.record(WebhookChanged(**_facts(webhook), changes=changes), council_id=webhook.council_id)
    return webhook


def rotate_secret(work: UnitOfWork, *, webhook_id: UUID, is_at_once: bool = False) -> NewSecret:
    """Give a webhook a new secret. For a day messages are signed with the old one too, unless it must end at once.

    Raises NotFound, NotAllowed, Conflict("webhook.rotated_often").
    """
    webhook = _kept(work, webhook_id)
    holding = queries.secrets_that_hold(work, webhook.id)
    if len(holding) >= MOST_SECRETS and not is_at_once:
        words = Words(_("The secret was rotated twice within a day. Wait a day, or end the old ones at once."))
        raise Conflict("webhook.rotated_often", words)
    last = work.now if is_at_once else work.now + OLD_SECRET_HOLDS
    for old in work.session.scalars(select(WebhookSecret).where(WebhookSecret.webhook_id == webhook.id)):
        old.ends_at = last if old.ends_at is None else min(old.ends_at, last)
    secret = work.add(WebhookSecret(id=new_id(), webhook_id=webhook.id, made_at=work.now))
    _touched(work, webhook, is_edit=False)
    work.record(WebhookSecretRotated(**_facts(webhook), is_at_once=is_at_once), council_id=webhook.council_id)
    return NewSecret(webhook, secret.id)


def enable_webhook(work: UnitOfWork, *, webhook_id: UUID) -> Webhook:
    """Turn a webhook on again: a ping is sent, and once it is answered the webhook is told of events.

    Raises NotFound, NotAllowed, Conflict("webhook.not_disabled").
    """
    webhook = _kept(work, webhook_id)
    if webhook.status != WebhookStatus.DISABLED:
        words = Words(_("This webhook is not turned off."))
        raise Conflict("webhook.not_disabled", words, ("test",))
    webhook.disabled_at = webhook.disabled_because = None
    _wait_for_answer(work, webhook)
    _touched(work, webhook, is_edit=False)
    work.record(WebhookEnabled(**_facts(webhook)), council_id=webhook.council_id)
    return webhook


def disable_webhook(work: UnitOfWork, *, webhook_id: UUID, because: WhyDisabled = WhyDisabled.BY_HAND) -> Webhook:
    """Turn a webhook off. What it was still owed is given up; it can be replayed later.

    People turn one off by hand; the worker, because the receiver is gone or fails. Raises NotFound, NotAllowed,
    Conflict("webhook.disabled").
    """
    webhook = _kept(work, webhook_id)
    if because is not WhyDisabled.BY_HAND:
        work.require(policy.may_judge_webhook(work.actor))
    if webhook.status == WebhookStatus.DISABLED:
        raise Conflict("webhook.disabled", Words(_("This webhook is turned off already.")), ("enable",))
    webhook.status = WebhookStatus.DISABLED.value
    webhook.disabled_at, webhook.disabled_because = work.now, because.value
    queue.give_up_waiting(work.session, webhook.id, work.now)
    _touched(work, webhook, is_edit=False)
    event = WebhookDisabled(**_facts(webhook), because=because, made_by=webhook.officer_id)
    work.record(event, council_id=webhook.council_id)
    return webhook


def verify_webhook(work: UnitOfWork, *, webhook_id: UUID, address: str) -> bool:
    """Make a webhook active that waited: `address` has answered a ping. Says whether it was waiting for that.

    Raises NotFound, NotAllowed.
    """
    work.require(policy.may_judge_webhook(work.actor))
    webhook = _kept(work, webhook_id)
    if webhook.status != WebhookStatus.WAITING or webhook.address != address:
        return False
    webhook.status, webhook.verified_at = WebhookStatus.ACTIVE.value, work.now
    _touched(work, webhook, is_edit=False)
    work.record(WebhookVerified(**_facts(webhook)), council_id=webhook.council_id)
    return True


def delete_webhook(work: UnitOfWork, *, webhook_id: UUID) -> None:
    """Delete a webhook, its secrets and the record of its messages. Raises NotFound, NotAllowed."""
    webhook = _kept(work, webhook_id)
    for table in (WebhookDelivery, WebhookHealth, WebhookSecret):
        work.session.execute(delete(table).where(table.webhook_id == webhook.id))
    work.record(WebhookDeleted(**_facts(webhook)), council_id=webhook.council_id)
    work.session.delete(webhook)


def _kept(work: UnitOfWork, webhook_id: UUID) -> Webhook:
    """A webhook to act on. Raises NotFound, NotAllowed."""
    webhook = queries.webhook_seen_by(work, webhook_id, lock=True)
    work.require(policy.may_keep_webhook(work.actor, webhook.facts))
    return webhook


def _wait_for_answer(work: UnitOfWork, webhook: Webhook) -> None:
    """Send a ping, and tell the webhook of nothing until it is answered. How it did before no longer counts."""
    webhook.status = WebhookStatus.WAITING.value
    work.session.execute(delete(WebhookHealth).where(WebhookHealth.webhook_id == webhook.id))
    queue.owe_ping(work.session, webhook.id, work.now)


def _touched(work: UnitOfWork, webhook: Webhook, *, is_edit: bool = True) -> None:
    webhook.changed_at = work.now
    if is_edit:
        webhook.edited()
    else:
        webhook.revision += 1


def _facts(webhook: Webhook) -> dict[str, UUID]:
    return {"webhook_id": webhook.id, "of_council_id": webhook.council_id}

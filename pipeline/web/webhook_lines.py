"""Webhooks and their messages as lines of a page, every word ready."""

from typing import Any
from urllib.parse import urlsplit

from pipeline.http.language import current_language, say
from pipeline.kernel.words import Words
from pipeline.webhooks.messages import DELIVERY_WORDS, FAILURE_WORDS, NOUN_WORDS, STATUS_WORDS, WHY_DISABLED_WORDS
from pipeline.webhooks.queries import WebhookRead
from pipeline.webhooks.rules import DeliveryStatus, Failure, WebhookStatus, WhyDisabled, kind_groups

TAGS = {
    WebhookStatus.WAITING: "soon", WebhookStatus.ACTIVE: "open", WebhookStatus.DISABLED: "stopped",
    DeliveryStatus.WAITING: "soon", DeliveryStatus.DELIVERED: "open", DeliveryStatus.FAILED: "stopped",
    DeliveryStatus.WITHHELD: "lapsed",
}  # fmt: skip
"""The colour of each state."""


def kind_choices(chosen: tuple[str, ...]) -> list[tuple[str, str]]:
    """What a webhook can be told of: everything of a noun, and single events that were chosen by a program."""
    groups = kind_groups()
    return [(one, kind_words(one)) for one in (*groups, *(kind for kind in chosen if kind not in groups))]


def kind_words(kind: str) -> str:
    """A kind of events as people read it; a single event by its name."""
    noun = NOUN_WORDS.get(kind.removesuffix(".*"))
    return say(noun) if noun is not None else kind


def webhook_line(read: WebhookRead) -> dict[str, Any]:
    """A webhook: where it goes, how it does, and what it is told."""
    webhook = read.webhook
    status = WebhookStatus(webhook.status)
    because = webhook.disabled_because
    return {
        "id": webhook.id,
        "name": webhook.description or urlsplit(webhook.address).hostname,
        "address": webhook.address,
        "status": status.value,
        "status_words": say(STATUS_WORDS[status]),
        "tag": TAGS[status],
        "because": say(WHY_DISABLED_WORDS[WhyDisabled(because)]) if because else "",
        "disabled_at": webhook.disabled_at,
        "kinds": [kind_words(one) for one in webhook.kinds],
        "only_council": _name_of(read.only_council),
        "only_project": read.only_project.title if read.only_project else "",
        "is_of_gone_project": webhook.only_project_id is not None and read.only_project is None,
        "made_at": webhook.made_at,
        "first_failed_at": read.first_failed_at,
        "last_succeeded_at": read.last_succeeded_at,
    }


def _name_of(council: Any) -> str:
    if council is None:
        return ""
    name: str = council.name_cy if council.name_cy and current_language() == "cy" else council.name
    return name


def delivery_line(row: Any) -> dict[str, Any]:
    """A message: what it tells of, what became of it, and why."""
    status = DeliveryStatus(row.status)
    problem: Words | None = FAILURE_WORDS[Failure(row.problem)] if row.problem else None
    return {
        "id": row.id,
        "name": row.event_name,
        "event_id": row.event_id,
        "status": status.value,
        "status_words": say(DELIVERY_WORDS[status]),
        "tag": TAGS[status],
        "problem": say(problem) if problem else "",
        "answer_status": row.answer_status,
        "took_ms": row.took_ms,
        "tries": row.tries,
        "created_at": row.created_at,
        "tried_at": row.tried_at,
        "next_try_at": row.next_try_at if status is DeliveryStatus.WAITING and row.tries else None,
        "may_be_sent_again": status is not DeliveryStatus.WAITING or row.tries > 0,
    }

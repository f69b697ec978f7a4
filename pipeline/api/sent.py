"""What webhooks are sent, as the OpenAPI file describes it: from the schema of the events that `/events` gives."""

from typing import Any

from pipeline.webhooks.rules import LARGEST_BODY, PING, public_kinds

HEADERS = {
    "webhook-id": (
        "The message's id, the same at every try: the event's own id, or a ping's. Take each once",
        {"type": "string", "format": "uuid"},
    ),
    "webhook-timestamp": (
        "When it was sent, in seconds since 1970. Refuse what is older than five minutes",
        {"type": "string", "pattern": "^[0-9]+$"},
    ),
    "webhook-signature": (
        "HMAC-SHA256 of id, timestamp and body with the secret (Standard Webhooks 1.0); several while a secret rotates",
        {"type": "string", "pattern": "^v1,[A-Za-z0-9+/=]+( v1,[A-Za-z0-9+/=]+)*$"},
    ),
}
ANSWERS = {
    "2XX": "It was taken. Anything else is a failure, a redirect too, and is tried again",
    "410": "There is nobody here any more: the webhook is turned off",
    "429": "Come back later: Retry-After says when, up to a day",
}
EVENT = {"$ref": "#/components/schemas/Event"}
PINGED = {
    "type": "object",
    "required": ["webhook"],
    "properties": {
        "webhook": {
            "type": "object",
            "required": ["id"],
            "properties": {"id": {"type": "string", "format": "uuid"}},
        }
    },
}


def webhooks_described() -> dict[str, Any]:
    """The member `webhooks` of the OpenAPI file."""
    events = "One of: " + ", ".join(public_kinds())
    size = f"Less than {LARGEST_BODY:,} bytes."
    return {
        "event": _message(
            "Something public happened",
            f"`data` is what `GET /api/v1/events/{{id}}` answers with. {size} No names or addresses of people. Of what"
            " was removed it tells the last that was public. An event whose subject is no longer public is not sent.",
            {"type": "string", "description": events, "example": "pledge.authorised"},
            EVENT,
        ),
        PING: _message(
            "Is anybody there?",
            "Sent when a webhook is made, enabled, or given another address, and when somebody asks for it. The webhook"
            " is told of events once this is answered with 2xx.",
            {"type": "string", "const": PING},
            PINGED,
        ),
    }


def _message(summary: str, description: str, type_: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    moment = {"type": "string", "format": "date-time"}
    schema = {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {"type": type_, "timestamp": moment, "data": data},
    }
    headers = [
        {"name": name, "in": "header", "required": True, "description": words, "schema": one}
        for name, (words, one) in HEADERS.items()
    ]
    return {
        "post": {
            "summary": summary,
            "description": description,
            "parameters": headers,
            "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
            "responses": {status: {"description": words} for status, words in ANSWERS.items()},
        }
    }

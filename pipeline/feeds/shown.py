"""An event as programs read it: in the API's log, and in what webhooks are sent."""

from typing import Any

from pipeline.db.statements import utc_text
from pipeline.feeds.queries import PublicEvent


def event_as_json(event: PublicEvent, public_url: str) -> dict[str, Any]:
    """A public event as JSON: the same wherever it is read. `public_url` is where the API is."""
    council = {"slug": event.council_slug, "gss_code": event.council_gss_code} if event.council_slug else None
    address = event.subject_slug or event.subject_id
    return {
        "id": str(event.id),
        "type": event.name,
        "occurred_at": utc_text(event.occurred_at),
        "council": council,
        "subject": {
            "type": event.subject_type,
            "id": str(event.subject_id),
            "url": f"{public_url}/api/v1/{event.subject_type}s/{address}",
            "title": event.subject_title,
        },
        "project": {"slug": event.project_slug} if event.project_slug else None,
        "changes": event.changes,
    }

"""The tables that may be written outside a unit of work, and by which housekeeping. No others.

These hold how the platform keeps itself running, not what anybody did: nothing here is an act of the trade, so nothing
here is recorded in the event log. `housekeeping(name)` in `work.py` holds each transaction to its line.
"""

_STATISTICS = frozenset(
    {"project_statistics", "statistics_sum", "statistics_presence", "statistics_pair", "statistics_state"}
)

HOUSEKEEPING: dict[str, frozenset[str]] = {
    "sessions": frozenset({"session", "sign_in_attempt", "security_event"}),
    "tokens": frozenset({"one_time_link", "api_token"}),
    "codes": frozenset({"authorisation_code", "authorisation_request"}),
    "drafts": frozenset({"saved_draft"}),
    "comparisons": frozenset({"kept_comparison"}),
    "downloads": frozenset({"kept_download"}),
    "listeners": frozenset(
        {
            "listener_place",
            "failed_event",
            "outbox",
            "search_entry",
            "search_word",
            "search_gram",
            "search_renewal",
            "portfolio_entry",
            "portfolio_count",
            "webhook_delivery",
            "notice",
            "mail_preference",
            "mute",
            "fan_out",
            "follow",
            "similar_due",
        }
    )
    | _STATISTICS,
    "similar work": frozenset({"similar_work", "similar_due", "similar_renewal"}),
    "outbox": frozenset({"outbox", "mail_refusal"}),
    "mail": frozenset({"mail_refusal"}),
    "notices": frozenset({"notice", "fan_out", "outbox"}),
    "notice read": frozenset({"notice"}),
    "recurrences": frozenset({"kept_recurrence"}),
    "jobs": frozenset({"job"}),
    "uploads": frozenset({"upload", "blob"}),
    "imports": frozenset({"portfolio_import", "import_line"}),
    "contact": frozenset({"contact_message"}),
    "reports": frozenset({"report"}),
    "exports": frozenset({"export", "export_file", "export_piece"}),
    "figures": frozenset({"public_figures"}),
    "statistics": _STATISTICS,
    "search": frozenset({"search_entry", "search_word", "search_gram", "search_renewal"}),
    "portfolios": frozenset({"portfolio_entry", "portfolio_count"}),
    "webhooks": frozenset({"webhook_delivery", "webhook_health"}),
    "retention": frozenset(
        {
            "session",
            "sign_in_attempt",
            "security_event",
            "one_time_link",
            "api_token",
            "outbox",
            "idempotency",
            "saved_draft",
            "mail_refusal",
        }
    ),
}

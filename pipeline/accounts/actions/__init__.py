"""The verbs of accounts: the only place that changes officers, their places, roles and sessions."""

from pipeline.accounts.actions.appointing import (
    add_officer,
    add_role,
    appoint_first_admin,
    change_roles,
    give_place,
    give_platform_role,
    take_platform_role,
)
from pipeline.accounts.actions.joining import (
    decline_officer,
    join_council,
    leave_council,
    let_officer_in,
    remove_member,
)
from pipeline.accounts.actions.limiting import set_council_authority, set_limit
from pipeline.accounts.actions.recovering import ask_reset, reset_password
from pipeline.accounts.actions.signing_in import (
    begin_attempt,
    end_one_session,
    end_other_sessions,
    end_this_session,
    forgive_attempts,
    note_danger,
    saved_draft_waits,
    start_session,
    switch_council,
)
from pipeline.accounts.actions.signing_up import ask_link_again, sign_up, verify_address
from pipeline.accounts.actions.tending import (
    ask_erasure,
    ask_other_address,
    change_details,
    change_password,
    erase_officer,
    undo_erasure,
)
from pipeline.accounts.actions.tokens import (
    end_old_tokens,
    make_token,
    revoke_leaked_token,
    revoke_this_token,
    revoke_token,
    stamp_token,
)

__all__ = [
    "add_officer",
    "add_role",
    "appoint_first_admin",
    "ask_erasure",
    "ask_link_again",
    "ask_other_address",
    "ask_reset",
    "begin_attempt",
    "change_details",
    "change_password",
    "change_roles",
    "decline_officer",
    "end_old_tokens",
    "end_one_session",
    "end_other_sessions",
    "end_this_session",
    "erase_officer",
    "forgive_attempts",
    "give_place",
    "give_platform_role",
    "join_council",
    "leave_council",
    "let_officer_in",
    "make_token",
    "note_danger",
    "remove_member",
    "reset_password",
    "revoke_leaked_token",
    "revoke_this_token",
    "revoke_token",
    "saved_draft_waits",
    "set_council_authority",
    "set_limit",
    "sign_up",
    "stamp_token",
    "start_session",
    "switch_council",
    "take_platform_role",
    "undo_erasure",
    "verify_address",
]

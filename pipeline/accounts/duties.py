"""What the worker does for accounts, again and again."""

from datetime import timedelta

from pipeline.accounts.actions.retention import erase_who_asked, forget_old_accounts, keep_to_periods
from pipeline.accounts.actions.tokens import end_old_tokens
from pipeline.db.jobs import Duty

DUTIES: list[Duty] = [
    Duty("accounts: keep to the periods", timedelta(hours=6), keep_to_periods),
    Duty("accounts: forget unverified accounts", timedelta(hours=6), forget_old_accounts),
    Duty("accounts: erase who asked", timedelta(hours=1), erase_who_asked),
    Duty("accounts: end old tokens", timedelta(hours=1), end_old_tokens),
]

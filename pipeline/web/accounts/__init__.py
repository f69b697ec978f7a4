"""Accounts: signing up and in, a new password, and one's own account."""

from pipeline.web.accounts import account, recovering, security, signing_in, signing_up, tokens
from pipeline.web.accounts.blueprint import blueprint

__all__ = ["account", "blueprint", "recovering", "security", "signing_in", "signing_up", "tokens"]

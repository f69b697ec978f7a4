"""Who asks. A session becomes a frozen `Actor`; nothing below knows of cookies or `current_user`."""

from flask import Flask, g
from flask_login import LoginManager

from pipeline.accounts.queries import Identity
from pipeline.kernel.actor import ANONYMOUS, Actor, Channel


def prepare_identity(app: Flask) -> None:
    """Let Flask-Login know the officer that the session row names."""
    manager = LoginManager(app)
    manager.session_protection = None

    @manager.user_loader
    def load(officer_id: str) -> Identity | None:
        identity = current_identity()
        return identity if identity is not None and str(identity.officer_id) == officer_id else None


def current_identity() -> Identity | None:
    """The signed-in officer with their memberships, or None."""
    identity: Identity | None = g.get("identity")
    return identity


def current_actor() -> Actor:
    """The actor of this request."""
    identity = current_identity()
    return ANONYMOUS if identity is None else identity.actor


__all__ = ["Actor", "Channel", "Identity", "current_actor", "current_identity", "prepare_identity"]

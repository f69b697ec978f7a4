"""One key for a person at any domain of their council: nothing of the tables changes, only what they hold."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEYS = (
    ("officer", "person_key"), ("pledge", "person_key"), ("authorisation", "person_key"),
    ("authorisation_request", "person_key"), ("authorisation_request", "asker_key"),
)  # fmt: skip
APART = ("combined authority", "strategic regional authority")
"""Their domains are those of their members, who stay apart."""


def upgrade() -> None:
    """Give everybody whose council has several domains the key that they would get now."""
    know_again(op.get_bind())


def know_again(connection: sa.Connection) -> None:
    """Take the key at the first of the domains that belong together, wherever another was kept."""
    for together in _together(connection):
        for domain in together:
            rows = connection.execute(
                sa.text("SELECT address FROM officer WHERE address LIKE :end"), {"end": f"%@{domain}"}
            ).all()
            for (address,) in rows:
                local = address.rsplit("@", 1)[0]
                key, *others = (_key(local, one) for one in together)
                for table, column in KEYS:
                    statement = sa.text(f"UPDATE {table} SET {column} = :key WHERE {column} = :other")  # noqa: S608
                    connection.execute(statement, [{"key": key, "other": other} for other in others])


def _together(connection: sa.Connection) -> list[list[str]]:
    """The domains that belong together: of one council, and of councils that share one. Those of two or more."""
    query = "SELECT council_id, domain, kind FROM council_domain JOIN council ON council.id = council_id"
    groups: list[set[str]] = []
    of_council: dict[str, set[str]] = {}
    for council_id, domain, kind in connection.execute(sa.text(query)).all():
        if kind not in APART:
            of_council.setdefault(str(council_id), set()).add(domain)
    for domains in of_council.values():
        touching = [group for group in groups if group & domains]
        groups = [group for group in groups if group not in touching] + [domains.union(*touching)]
    return [sorted(group) for group in groups if len(group) > 1]


def _key(local: str, domain: str) -> str:
    plain = local.split("+", 1)[0].replace(".", "")
    return hashlib.sha256(f"{plain or local}@{domain}".encode()).hexdigest()

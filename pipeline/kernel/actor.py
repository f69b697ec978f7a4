"""Who is acting, for which council, in which roles, and through which door. Frozen: nothing below changes it."""

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person may be. The first three belong to a council, the last two to the whole platform."""

    MEMBER = "member"
    AUTHORISER = "authoriser"
    COUNCIL_ADMIN = "council-admin"
    COORDINATOR = "coordinator"
    PLATFORM_ADMIN = "platform-admin"


COUNCIL_ROLES = frozenset({Role.MEMBER, Role.AUTHORISER, Role.COUNCIL_ADMIN})
PLATFORM_ROLES = frozenset({Role.COORDINATOR, Role.PLATFORM_ADMIN})


class Channel(StrEnum):
    """The door somebody came through."""

    WEB = "web"
    API = "api"
    WORKER = "worker"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or the system) at the moment of asking.

    `council_id` is the one council the officer acts for now; `roles` are those in that council and on the platform.
    `system` names the worker's duty or the operator's command when no person acts.
    """

    channel: Channel = Channel.WEB
    officer_id: UUID | None = None
    council_id: UUID | None = None
    roles: frozenset[Role] = frozenset()
    system: str | None = None

    @property
    def is_officer(self) -> bool:
        return self.officer_id is not None

    @property
    def is_system(self) -> bool:
        return self.system is not None

    @property
    def is_anonymous(self) -> bool:
        return self.officer_id is None and self.system is None

    def has(self, role: Role) -> bool:
        """Whether the actor holds `role` in the council they act for, or on the platform."""
        return role in self.roles

    def with_standing(self, council_id: UUID | None, roles: frozenset[Role]) -> "Actor":
        """The same person with the council and roles that were read again inside the work."""
        return replace(self, council_id=council_id, roles=roles)


ANONYMOUS = Actor()


def system(name: str, channel: Channel = Channel.WORKER) -> Actor:
    """The platform itself, acting under a name: a worker's duty or an operator's command."""
    return Actor(channel=channel, system=name)

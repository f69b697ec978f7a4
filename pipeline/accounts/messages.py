"""How the facts of accounts read in a sentence, for the people of a council and for an officer's own download."""

from collections.abc import Callable, Mapping
from typing import Any

from pipeline.kernel.actor import Role
from pipeline.kernel.words import Words, _

ROLE_WORDS: dict[Role, Words] = {
    Role.MEMBER: Words(_("member")),
    Role.AUTHORISER: Words(_("authoriser")),
    Role.COUNCIL_ADMIN: Words(_("council admin")),
    Role.COORDINATOR: Words(_("coordinator")),
    Role.PLATFORM_ADMIN: Words(_("platform admin")),
}
"""How each role reads."""

AN_OFFICER = Words(_("An officer"))
FORMER_OFFICER = Words(_("Former officer"))

Sentence = Callable[[Mapping[str, Any], Mapping[str, str]], Words]


def _fixed(sentence: str) -> Sentence:
    return lambda _payload, _names: Words(sentence)


def _of_role(sentence: str) -> Sentence:
    return lambda payload, _names: Words(sentence, role=ROLE_WORDS[Role(payload["role"])])


SENTENCES: dict[str, Sentence] = {
    "membership.asked": _fixed(_("An officer asked to join the council")),
    "membership.started": _fixed(_("An officer joined the council")),
    "membership.ended": _fixed(_("An officer’s place in the council ended")),
    "role.given": _of_role(_("A member became {role}")),
    "role.taken": _of_role(_("A member is no longer {role}")),
    "limit.set": _fixed(_("The limit of an authoriser was set")),
    "council_authority.set": _fixed(_("What the council lets happen without its authorisers was set")),
}
"""How the events of a council's people read on its own pages; nothing of accounts is in a project's timeline."""

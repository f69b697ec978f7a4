"""Rules of contact: pure, as frozen values and functions."""

from enum import StrEnum

from pipeline.accounts.rules import address_from
from pipeline.kernel.errors import Problem, length_problems, refuse_if_any
from pipeline.kernel.words import Words, _

LONGEST_MESSAGE = 3_000
MOST_A_DAY = 10
"""So many messages one officer sends in a day."""


class ContactTo(StrEnum):
    """To whom a message goes: an officer, the leads of a project, the admins of a council, or the coordinators."""

    OFFICER = "officer"
    PROJECT = "project"
    COUNCIL = "council"
    SITE = "site"


def check_message(text: str) -> None:
    """A message says something, not too much. Raises RuleBroken (contact.text_missing, contact.text_too_long)."""
    problems = length_problems("contact", "text", text, LONGEST_MESSAGE)
    if not text:
        problems.append(Problem("contact.text_missing", Words(_("Write your message")), "text"))
    refuse_if_any(problems)


def check_way_back(address: str) -> None:
    """Who wants an answer gives an address that one can write to. Raises RuleBroken (contact.address_unreadable)."""
    if address and address_from(address) is None:
        words = Words(_("Give an e-mail address like name@example.org, or leave this empty"))
        refuse_if_any([Problem("contact.address_unreadable", words, "address")])

"""How Pipeline refuses. Four refusals, known to everybody; the entry points turn each into one status.

Codes are `noun.problem`, stable for users of the API. Words say what to do.
"""

from dataclasses import dataclass

from pipeline.kernel.words import Words, _


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with what was sent: its stable code, what to do about it, and the field it concerns."""

    code: str
    words: Words
    field: str | None = None


class Refusal(Exception):
    """What was asked for is not done. `problems` says why; there is always at least one."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{problem.code}: {problem.words}" for problem in problems))

    @property
    def code(self) -> str:
        return self.problems[0].code

    @property
    def words(self) -> Words:
        return self.problems[0].words


class NotFound(Refusal):
    """There is no such thing, or the person may not know of it: the two answer alike (404)."""

    def __init__(self, noun: str = "page") -> None:
        super().__init__(Problem(f"{noun}.not_found", Words(_("There is nothing here that you can see."))))


class NotAllowed(Refusal):
    """They may see the thing and may not do this to it (403)."""

    def __init__(self, code: str, words: Words) -> None:
        super().__init__(Problem(code, words))


class RuleBroken(Refusal):
    """What was sent breaks a rule whatever the state (422). Carries every problem found, not only the first."""


class Conflict(Refusal):
    """Right in another state: a wrong step, no room left, somebody else got there first (409).

    `allowed` names what can be done now instead.
    """

    def __init__(self, code: str, words: Words, allowed: tuple[str, ...] = (), field: str | None = None) -> None:
        self.allowed = allowed
        super().__init__(Problem(code, words, field))


class Gone(Refusal):
    """It was there and has been removed for good (410)."""

    def __init__(self, code: str, words: Words) -> None:
        super().__init__(Problem(code, words))


def shorter(over: int) -> Words:
    """What to do about a text of so many characters too many."""
    return Words(_("Use {n} character fewer"), _("Use {n} characters fewer"), n=over)


def length_problems(noun: str, field: str, text: str, most: int, *, name: str = "") -> list[Problem]:
    """The problem `noun.name_too_long` of a text of more than `most` characters; none where it fits.

    `name` is that of the field, where it says nothing else.
    """
    over = len(text) - most
    return [Problem(f"{noun}.{name or field}_too_long", shorter(over), field)] if over > 0 else []


def refuse_if_any(problems: list[Problem]) -> None:
    """Raise `RuleBroken` with all of `problems`, if there are any."""
    if problems:
        raise RuleBroken(*problems)

"""The answer of a policy: yes, or no because …"""

from dataclasses import dataclass

from pipeline.kernel.words import Words


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether somebody may do something. True in an `if` when they may. `because` is there when they may not."""

    code: str = ""
    because: Words | None = None

    def __bool__(self) -> bool:
        return self.because is None


YES = Decision()


def no(code: str, because: Words) -> Decision:
    """Refuse, with a stable code and the reason in words."""
    return Decision(code, because)


def all_of(*decisions: Decision) -> Decision:
    """Return the first refusal, or yes when there is none."""
    return next((decision for decision in decisions if not decision), YES)

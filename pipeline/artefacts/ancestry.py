"""Which version two texts have in common: the one that changes are counted from when one is taken into the other.

A version descends from every earlier version of its document (withdrawn ones too: their text was read and built on),
from the version of another document it took in, and, where it is a copy, from the version it was adapted from. Of all
versions that two descend from, the one that was published last is their base. So a copy that took in version 3 of its
original and takes in version 5 counts from version 3; a copy of a copy counts from what both last shared; two copies of
one document count from the latest version of it that both hold.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Step:
    """A version as its line of descent needs it. `has_text` is false once its text was removed or is hidden."""

    id: UUID
    artefact_id: UUID
    number: int
    took_in_id: UUID | None
    published_at: datetime
    has_text: bool = True


class Lineage:
    """The versions of some documents, and which descends from which.

    `adapted_from` says of a copy from which version it was made.
    """

    def __init__(self, steps: Iterable[Step], adapted_from: Mapping[UUID, UUID]) -> None:
        self._steps = {step.id: step for step in steps}
        self._adapted_from = adapted_from
        self._of_document: dict[UUID, list[Step]] = defaultdict(list)
        for step in self._steps.values():
            self._of_document[step.artefact_id].append(step)

    def common(self, ours: Iterable[UUID], theirs: UUID) -> Step | None:
        """The version published last that both descend from and whose text is there; `theirs` itself where ours holds
        all of it. `ours` are the versions a text descends from directly. None where they have nothing in common."""
        reached, of_theirs = self.reached(ours), self.reached((theirs,))
        shared = {document: min(reached[document], of_theirs[document]) for document in reached.keys() & of_theirs}
        found = [
            step
            for document, most in shared.items()
            for step in self._of_document[document]
            if step.number <= most and step.has_text
        ]
        return max(found, key=lambda step: (step.published_at, step.number, step.id), default=None)

    def reached(self, starts: Iterable[UUID]) -> dict[UUID, int]:
        """The documents that versions descend from, each with the highest number of it; their own documents too."""
        reached: dict[UUID, int] = {}
        left = list(starts)
        while left:
            step = self._steps.get(left.pop())
            if step is None or reached.get(step.artefact_id, 0) >= step.number:
                continue
            below, reached[step.artefact_id] = reached.get(step.artefact_id, 0), step.number
            left += [
                one.took_in_id
                for one in self._of_document[step.artefact_id]
                if below < one.number <= step.number and one.took_in_id is not None
            ]
            if below == 0 and step.artefact_id in self._adapted_from:
                left.append(self._adapted_from[step.artefact_id])
        return reached

"""The page on which a merge is decided, as values for its template: what is to choose, what came in, what stays."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from math import ceil
from typing import Any

from markupsafe import Markup

from pipeline.artefacts.blocks import BlockKind, blocks_of, normal
from pipeline.artefacts.decisions import clashes_of, ordinals_of, parts_of, undecided
from pipeline.artefacts.diff import compare
from pipeline.artefacts.merge import Choice, Counts, Decision, Merged, Part, PartKind, resolved
from pipeline.artefacts.queries.merging import MergeRead, Party
from pipeline.artefacts.rules import MergeKind
from pipeline.http.language import current_language, gettext, say
from pipeline.kernel.errors import Problem
from pipeline.kernel.words import Words, _
from pipeline.web.documents.compared import LONGEST_LANDMARK, Marks, words_changed

CLASHES_ON_PAGE = 20
OTHERS_ON_PAGE = 100
"""So many parts to choose, and so many of each other kind, stand on one page: a form has room for 500 answers."""

LONGEST_PREFILLED = 20_000

MARKS_OF_HEADING = "# \t=-\n"
CLASH_CHOICES = (Choice.OURS, Choice.THEIRS, Choice.BOTH, Choice.BOTH_REVERSED, Choice.BASE, Choice.TEXT)


def kind_words(kind: MergeKind, number: int | None, title: str) -> str:
    """What a merge takes in, in a few words."""
    if kind is MergeKind.SUGGESTION:
        return gettext(_("A suggestion"))
    if kind is MergeKind.OWN:
        return say(Words(_("Version {number}, into a draft begun before it"), number=number))
    return say(Words(_("Version {number} of {title}"), number=number, title=title))


class Deciding:
    """A merge on its way: its texts, what came of them, what is decided, and what was typed and refused."""

    def __init__(
        self, read: MergeRead, merged: Merged, decisions: dict[int, Decision], *, part: int, is_copy: bool
    ) -> None:
        self.read = read
        self.merged = merged
        self.decisions = decisions
        self.is_copy = is_copy
        self.typed: Mapping[str, str] = {}
        self.problems: Mapping[str | None, Words] = {}
        self.saved: list[tuple[str, str]] | None = None
        self._all = parts_of(merged)
        self._ordinals = ordinals_of(self._all)
        kinds = (PartKind.CLASH, PartKind.THEIRS, PartKind.OURS, PartKind.BOTH)
        groups = [[part for part in self._all if part.kind is kind] for kind in kinds]
        self.counts = Counts(*(len(group) for group in (*groups[1:], groups[0])))
        sizes = (CLASHES_ON_PAGE, OTHERS_ON_PAGE, OTHERS_ON_PAGE, OTHERS_ON_PAGE)
        self.parts = max(1, *(ceil(len(group) / size) for group, size in zip(groups, sizes, strict=True)))
        self.part = min(max(part, 1), self.parts)
        self.groups = [
            group[(self.part - 1) * size : self.part * size] for group, size in zip(groups, sizes, strict=True)
        ]
        self._marks = Marks()

    @property
    def left(self) -> list[Problem]:
        """What is not decided yet."""
        return undecided(self.merged, self.decisions)

    @cached_property
    def text_of_theirs(self) -> str:
        """What the texts come to where nothing of theirs is refused: a suggestion that is taken as it stands."""
        theirs = {clash.number: Decision(Choice.THEIRS) for clash in clashes_of(self.merged)}
        return normal(resolved(self.merged, theirs))

    @cached_property
    def names(self) -> dict[str, str]:
        """What the two texts are called on the page."""
        read = self.read
        ours = gettext(_("Yours"))
        if read.kind is MergeKind.SUGGESTION:
            ours = say(Words(_("Version {number}"), number=read.ours.number))
            return {"ours": ours, "theirs": say(Words(_("Suggested by {council}"), council=read.theirs.council))}
        if read.kind is MergeKind.OWN:
            theirs = say(Words(_("Version {number}"), number=read.theirs.number))
            return {"ours": gettext(_("Your draft")), "theirs": theirs}
        return {"ours": ours, "theirs": self._name_of(read.theirs)}

    def _name_of(self, party: Party) -> str:
        return say(Words(_("{council}, version {number}"), council=party.council, number=party.number))

    def values(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """All the template shows."""
        clashes, came_in, stays, alike = self.groups
        language = document["language"]
        return {
            "counts": self.counts, "decided": self.counts.to_decide - len(self.left),
            "names": self.names, "base_name": self._base_name(),
            "clashes": [self._clash(part) for part in clashes],
            "came_in": [self._other(part, Choice.THEIRS, Choice.OURS) for part in came_in],
            "stays": [self._other(part, Choice.OURS, Choice.THEIRS) for part in stays],
            "alike": [self._other(part, Choice.THEIRS, Choice.BASE) for part in alike],
            "text_language": language if language != current_language() else "",
            "problems": [self._problem(number or "", words) for number, words in self.problems.items()],
            "saved": self.saved,
        }  # fmt: skip

    def _problem(self, number: str, words: Words) -> dict[str, Any]:
        """A problem, and the part of the page it stands on: 0 for the one that is shown."""
        places = [place for place, one in enumerate(clashes_of(self.merged)) if str(one.number) == number]
        part = places[0] // CLASHES_ON_PAGE + 1 if places else self.part
        return {"number": number, "words": say(words), "part": 0 if part == self.part else part}

    def _base_name(self) -> str:
        base = self.read.base
        if base.number is None:
            return ""
        if self.read.kind is MergeKind.OWN or base.slug == self.read.ours.slug:
            return say(Words(_("Version {number}"), number=base.number))
        return self._name_of(base)

    @cached_property
    def _headings(self) -> dict[int, str]:
        """The heading each numbered part stands under, in our text."""
        found, heading = {}, ""
        for part in self._all:
            headings = [one for one in blocks_of(part.ours or part.base) if one.kind is BlockKind.HEADING]
            if part.begins_block and headings and part.kind is not PartKind.SAME:
                heading = headings[0].words.strip(MARKS_OF_HEADING)
            if part.number:
                found[part.number] = heading[:LONGEST_LANDMARK]
            if part.begins_block and headings:
                heading = headings[-1].words.strip(MARKS_OF_HEADING)
        return found

    def ordinal(self, number: int) -> int:
        """How a part is counted for people."""
        return self._ordinals.get(number, number)

    def _changed(self, old: str, new: str) -> Markup:
        return words_changed(compare(old, new), self._marks)

    def _clash(self, part: Part) -> dict[str, Any]:
        decision = self.decisions.get(part.number)
        chosen = self.typed.get(f"part-{part.number}", decision.choice if decision else "")
        text = self.typed.get(f"text-{part.number}")
        if text is None:
            text = decision.text if decision and decision.choice == Choice.TEXT else prefilled(part)
        problem = self.problems.get(str(part.number))
        return {
            "number": part.number, "ordinal": self._ordinals[part.number],
            "heading": self._headings[part.number], "what": self._what(part),
            "base": self._changed(part.base, part.base), "ours": self._changed(part.base, part.ours),
            "theirs": self._changed(part.base, part.theirs), "is_decided": decision is not None,
            "choices": self._choices(part, chosen), "text": text, "rows": min(max(text.count("\n") + 3, 4), 20),
            "problem": say(problem) if problem else "",
        }  # fmt: skip

    @staticmethod
    def _what(part: Part) -> str:
        if not part.base.strip():
            return gettext(_("Both of you added something here."))
        if not part.ours.strip():
            return gettext(_("You removed this, and they changed it."))
        if not part.theirs.strip():
            return gettext(_("They removed this, and you changed it."))
        return gettext(_("Both of you changed this."))

    def _choices(self, part: Part, chosen: str) -> list[tuple[str, str, bool]]:
        offered: Sequence[Choice] = CLASH_CHOICES
        if not (part.ours.strip() and part.theirs.strip()):
            offered = (Choice.OURS, Choice.THEIRS, Choice.BASE, Choice.TEXT)
        elif not part.base.strip():
            offered = (Choice.OURS, Choice.THEIRS, Choice.BOTH, Choice.BOTH_REVERSED, Choice.TEXT)
        return [(choice.value, choice_words(choice, self), choice == chosen) for choice in offered]

    def _other(self, part: Part, usual: Choice, otherwise: Choice) -> dict[str, Any]:
        """A part that came to something by itself: what it says, and the other thing it could come to."""
        decision = self.decisions.get(part.number)
        chosen = self.typed.get(f"part-{part.number}", decision.choice if decision else usual.value)
        words = OTHERWISE[part.kind]
        new = part.ours if part.kind is PartKind.OURS else part.theirs
        return {
            "number": part.number, "ordinal": self._ordinals[part.number],
            "heading": self._headings[part.number], "words": self._changed(part.base, new),
            "is_otherwise": chosen == otherwise,
            "choices": [
                (usual.value, gettext(words[0]), chosen != otherwise),
                (otherwise.value, gettext(words[1]), chosen == otherwise),
            ],
        }  # fmt: skip


def prefilled(part: Part) -> str:
    """What the box for own words holds before anybody writes in it."""
    text = (part.ours or part.theirs).strip("\n")
    return text if len(text) <= LONGEST_PREFILLED else ""


OTHERWISE: dict[PartKind, tuple[str, str]] = {
    PartKind.THEIRS: (_("Take it in"), _("Leave this out")),
    PartKind.OURS: (_("Keep ours"), _("Go back to what it was")),
    PartKind.BOTH: (_("Keep it"), _("Go back to what it was")),
}


def choice_words(choice: str, page: Deciding) -> str:
    """What a choice is called."""
    words = OF_SUGGESTION if page.read.kind is MergeKind.SUGGESTION else OF_OTHERS
    return gettext(words[Choice(choice)])


OF_OTHERS: dict[Choice, str] = {
    Choice.OURS: _("Keep ours"),
    Choice.THEIRS: _("Take theirs"),
    Choice.BOTH: _("Keep both, theirs below"),
    Choice.BOTH_REVERSED: _("Keep both, theirs above"),
    Choice.BASE: _("Go back to what it was"),
    Choice.TEXT: _("Write it together"),
}
OF_SUGGESTION = OF_OTHERS | {
    Choice.OURS: _("Keep it as it is now"),
    Choice.THEIRS: _("Take the suggestion"),
    Choice.BOTH: _("Keep both, the suggestion below"),
    Choice.BOTH_REVERSED: _("Keep both, the suggestion above"),
}

"""Why something is like something else, in a sentence or two."""

from collections.abc import Iterable, Sequence

from pipeline.kernel.words import Words, _
from pipeline.projects.vocabulary import PHASE_BY_VALUE, PROFESSION_BY_VALUE, THEME_BY_VALUE
from pipeline.similarity.rules import Kind

KIND_NAMES: dict[Kind, Words] = {
    Kind.PROJECT: Words(_("Project")),
    Kind.LESSON: Words(_("Lesson")),
    Kind.DOCUMENT: Words(_("Shared document")),
}
"""What each kind is called."""


def why(
    *, words: Sequence[str], themes: Sequence[str], phase: str | None, professions: Sequence[str], language: str
) -> Iterable[Words]:
    """Why two things are alike: what both are about, then the phase and the professions they share."""
    theme = next((THEME_BY_VALUE[one].in_language(language) for one in themes if one in THEME_BY_VALUE), "")
    said = ", ".join(words)
    if theme and said:
        yield Words(_("Both are about {theme}: {words}."), theme=_small(theme), words=said)
    elif said:
        yield Words(_("Both speak of {words}."), words=said)
    elif theme:
        yield Words(_("Both are about {theme}."), theme=_small(theme))
    if phase in PHASE_BY_VALUE:
        yield Words(_("Both are in the phase {phase}."), phase=_small(PHASE_BY_VALUE[phase].in_language(language)))
    known = [PROFESSION_BY_VALUE[one].in_language(language) for one in professions if one in PROFESSION_BY_VALUE]
    if known:
        yield Words(_("Both look for a {profession}."), profession=_small(known[0]))


def _small(words: str) -> str:
    """With a small letter, as within a sentence."""
    return words[:1].lower() + words[1:]

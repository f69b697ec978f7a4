"""What is found and what a search is narrowed by, in words."""

from collections.abc import Mapping

from pipeline.councils.vocabulary import KIND_BY_VALUE, NATION_BY_VALUE, REGION_BY_VALUE
from pipeline.kernel.label import Label
from pipeline.kernel.translation import said_in
from pipeline.kernel.words import Words, _
from pipeline.projects.messages import NEED_NAMES
from pipeline.projects.vocabulary import PHASE_BY_VALUE, THEME_BY_VALUE
from pipeline.search.models import EntryKind

KIND_NAMES = {
    EntryKind.PROJECT: Words(_("Projects")),
    EntryKind.NEED: Words(_("Needs")),
    EntryKind.UPDATE: Words(_("Updates")),
    EntryKind.LESSON: Words(_("Lessons")),
    EntryKind.DOCUMENT: Words(_("Documents")),
    EntryKind.VERSION: Words(_("Earlier versions")),
    EntryKind.COUNCIL: Words(_("Councils")),
}
ONE_OF_KIND = {
    EntryKind.PROJECT: Words(_("Project")),
    EntryKind.NEED: Words(_("Need")),
    EntryKind.UPDATE: Words(_("Update")),
    EntryKind.LESSON: Words(_("Lesson")),
    EntryKind.DOCUMENT: Words(_("Document")),
    EntryKind.VERSION: Words(_("Earlier version")),
    EntryKind.COUNCIL: Words(_("Council")),
}
FACET_NAMES: Mapping[str, tuple[str, Mapping[str, Label | Words]]] = {
    "kind": (_("Kind"), {kind.value: words for kind, words in KIND_NAMES.items()}),
    "theme": (_("Theme"), THEME_BY_VALUE),
    "phase": (_("Phase"), PHASE_BY_VALUE),
    "council_kind": (_("Kind of council"), KIND_BY_VALUE),
    "nation": (_("Nation"), NATION_BY_VALUE),
    "region": (_("Region"), REGION_BY_VALUE),
    "need": (_("Needs"), {kind.value: words for kind, words in NEED_NAMES.items()}),
    "licence": (_("Licence"), {}),
    "year": (_("Year"), {}),
}
"""What each facet is called, and what people read for its values; those without are shown as they are."""


def value_in_words(facet: str, value: str, language: str) -> str:
    """What people read for a value of a facet."""
    known = FACET_NAMES[facet][1].get(value)
    if known is None:
        return value
    return said_in(known, language) if isinstance(known, Words) else known.in_language(language)

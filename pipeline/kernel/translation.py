"""The languages of Pipeline, and the gettext functions of each."""

import gettext
from functools import lru_cache
from pathlib import Path

from pipeline.kernel.words import Translate, TranslateMany, Words

CATALOGUES = Path(__file__).resolve().parent.parent / "translations"
LANGUAGES = ("en", "cy")


class Untranslated(str):
    """A sentence that its catalogue lacks, in English. A translation may be the same words, so words do not tell."""


class _Lacking(gettext.NullTranslations):
    """What a catalogue is asked last, for the sentences it has not."""

    def gettext(self, message: str) -> str:
        return Untranslated(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return Untranslated(msgid1 if n == 1 else msgid2)


@lru_cache(maxsize=4)
def catalogue(language: str) -> gettext.NullTranslations:
    """The catalogue of a language; English is written in the code and has none. What it lacks is `Untranslated`."""
    if language == "en":
        return gettext.NullTranslations()
    try:
        found: gettext.NullTranslations = gettext.translation("messages", CATALOGUES, languages=[language])
    except FileNotFoundError:
        return _Lacking()
    found.add_fallback(_Lacking())
    return found


def translations(language: str) -> tuple[Translate, TranslateMany]:
    """The two gettext functions of a language."""
    kept = catalogue(language)
    return kept.gettext, kept.ngettext


def said_in(words: Words, language: str) -> str:
    """A sentence in a language."""
    return words.in_language(*translations(language))

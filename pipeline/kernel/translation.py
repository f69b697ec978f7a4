"""The languages of Pipeline, and the gettext functions of each."""

import gettext
from functools import lru_cache
from pathlib import Path

from pipeline.kernel.words import Translate, TranslateMany, Words

CATALOGUES = Path(__file__).resolve().parent.parent / "translations"
LANGUAGES = ("en", "cy")


@lru_cache(maxsize=4)
def catalogue(language: str) -> gettext.NullTranslations:
    """The catalogue of a language; English is written in the code and has none."""
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation("messages", CATALOGUES, languages=[language], fallback=True)


def translations(language: str) -> tuple[Translate, TranslateMany]:
    """The two gettext functions of a language."""
    kept = catalogue(language)
    return kept.gettext, kept.ngettext


def said_in(words: Words, language: str) -> str:
    """A sentence in a language."""
    return words.in_language(*translations(language))

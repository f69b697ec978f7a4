"""English at the root, Welsh under `/cy`.

The prefix is moved from the path into SCRIPT_NAME before Flask looks at the address, so one set of routes serves both
languages and `url_for` keeps the language by itself. Nothing is negotiated and no cookie remembers it.
"""

from collections.abc import Callable, Iterable
from typing import Any

from flask import g, has_request_context, request

from pipeline.kernel.translation import Untranslated, catalogue, translations
from pipeline.kernel.words import Words

WELSH = "/cy"
ENGLISH_ONLY = ("/api", "/assets", "/healthz", "/readyz", "/.well-known", "/oembed")


class LanguagePrefix:
    """WSGI middleware that takes `/cy` off the path of pages."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if (path == WELSH or path.startswith("/cy/")) and not path[3:].startswith(ENGLISH_ONLY):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + WELSH
            environ["PATH_INFO"] = path[3:] or "/"
            environ["pipeline.language"] = "cy"
        return self.application(environ, start_response)


def current_language() -> str:
    """The language of the page that is asked for."""
    language: str = request.environ.get("pipeline.language", "en") if has_request_context() else "en"
    return "en" if language == "cy" and g.get("in_english") else language


def gettext(sentence: str) -> str:
    """A sentence in the page's language. A Welsh page that lacks one is remembered, to be shown in English whole."""
    language = current_language()
    if language == "en":
        return sentence
    text = catalogue(language).gettext(sentence)
    if isinstance(text, Untranslated):
        g.untranslated = True
    return text


def ngettext(one: str, many: str, number: int) -> str:
    """The singular or plural of a sentence in the page's language."""
    language = current_language()
    if language == "en":
        return one if number == 1 else many
    text = catalogue(language).ngettext(one, many, number)
    if isinstance(text, Untranslated):
        g.untranslated = True
    return text


def say(words: Words) -> str:
    """A sentence of a rule, policy or event, in the page's language."""
    return words.in_language(gettext, ngettext) if current_language() != "en" else str(words)


def say_in_english(words: Words) -> str:
    """A sentence as the API says it."""
    return words.in_language(*translations("en"))

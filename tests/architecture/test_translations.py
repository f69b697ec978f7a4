"""Every sentence has its Welsh, with the same places and the same markup, and Welsh pages come out in Welsh."""

import io
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from gettext import c2py

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from flask import Flask

from pipeline.http.entry import Entry, entry_of
from pipeline.http.language import ENGLISH_ONLY
from pipeline.kernel.actor import Role
from pipeline.kernel.translation import CATALOGUES, Untranslated, catalogue
from scripts.messages import find_sentences
from tests.conftest import empty
from tests.factories import Factory
from tests.support.client import CheckedClient, parsed
from tests.support.source import ROOT
from tests.support.world import make_world

WELSH = CATALOGUES / "cy" / "LC_MESSAGES" / "messages.po"
PLACE = re.compile(r"%\(\w+\)[a-z]|%%|\{\w*\}")
TAG = re.compile(r"<[^>]+>")
REDIRECTS = (302, 303)

Id = str | tuple[str, str]


@lru_cache(maxsize=1)
def sentences() -> frozenset[Id]:
    """Every sentence of the code and the templates, found as `make messages` finds them."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT, methods, options, directory_filter=is_ours)
    return frozenset(sentence for _file, _line, sentence, _comments, _context in found)


def is_ours(folder: str) -> bool:
    """Whether a folder can hold sentences: it saves a walk through what set-up installed."""
    return not re.search(r"/(\.\w[^/]*|node_modules|var|__pycache__)$", folder)


@lru_cache(maxsize=1)
def welsh() -> Catalog:
    """The Welsh catalogue as it is written. Raises PoFileError where it is not one."""
    with WELSH.open("rb") as file:
        return read_po(file, locale="cy", abort_invalid=True)


def entries() -> Iterator[Message]:
    """Every entry but the head."""
    return (entry for entry in welsh() if entry.id)


def forms(entry: Message) -> Iterator[tuple[str, str]]:
    """Each form of a translation beside the English it stands for: the second of the six is the singular."""
    if isinstance(entry.string, tuple):
        yield from ((entry.id[0 if place == 1 else 1], form) for place, form in enumerate(entry.string))
    else:
        yield entry.id, entry.string


def different(pattern: re.Pattern[str]) -> list[str]:
    """Translations in which not the same things stand as in the English."""
    return [
        f"{english!r}: {form!r}"
        for entry in entries()
        for english, form in forms(entry)
        if form and sorted(set(pattern.findall(english))) != sorted(set(pattern.findall(form)))
    ]


@pytest.mark.pure
def test_every_sentence_has_its_welsh() -> None:
    translated = {entry.id for entry in entries() if all(form.strip() for _english, form in forms(entry))}

    assert sorted(map(str, sentences() - translated)) == [], "run `make messages` and translate these"


@pytest.mark.pure
def test_the_catalogue_holds_nothing_that_nobody_says() -> None:
    assert sorted(str(entry.id) for entry in entries() if entry.id not in sentences()) == [], "run `make messages`"


@pytest.mark.pure
def test_no_entry_is_passed_over_when_the_catalogue_is_compiled() -> None:
    assert [entry.id for entry in entries() if entry.fuzzy] == []


@pytest.mark.pure
def test_each_plural_has_the_six_forms_of_welsh() -> None:
    plurals = [entry for entry in entries() if isinstance(entry.id, tuple)]

    assert welsh().num_plurals == 6
    assert len(plurals) > 10
    assert [entry.id for entry in plurals if len(entry.string) != 6] == []


@pytest.mark.pure
@pytest.mark.parametrize("number, form", [(0, 0), (1, 1), (2, 2), (3, 3), (4, 5), (5, 5), (6, 4), (7, 5), (11, 5)])
def test_the_form_is_chosen_as_welsh_counts(number: int, form: int) -> None:
    assert c2py(welsh().plural_expr)(number) == form


@pytest.mark.pure
def test_each_translation_has_the_places_of_its_sentence() -> None:
    assert different(PLACE) == []


@pytest.mark.pure
def test_each_translation_has_the_markup_of_its_sentence() -> None:
    assert different(TAG) == []


@pytest.mark.pure
def test_the_sentences_of_python_are_found_with_their_plurals() -> None:
    text = """
Words(_("{n} day"), _("{n} days"), n=Words(_("none")))
Words("{day} {month}", day=1)
Words(sentence, name=_("Ann"))
lazy(_("one long "
       "sentence"))
gettext(_("twice marked"))
language.ngettext("%(n)s council", "%(n)s councils", 2)
named = {"other": pair("{n} other", "{n} others")}
Words(_("a") if x else _("b"))
f"{gettext(_('inside'))}"
other("not a sentence")
"""

    found = [found[2] for found in find_sentences(io.BytesIO(text.encode()), {}, (), {})]

    assert found == [
        ("{n} day", "{n} days"), "none", "{day} {month}", "Ann", "one long sentence", "twice marked",
        ("%(n)s council", "%(n)s councils"), ("{n} other", "{n} others"), "a", "b", "inside",
    ]  # fmt: skip


@pytest.mark.pure
def test_a_sentence_without_welsh_is_told_from_one_that_is_the_same_in_welsh() -> None:
    kept = catalogue("cy")

    assert isinstance(kept.gettext("Nobody ever wrote this"), Untranslated)
    assert isinstance(kept.ngettext("{n} unheard of", "{n} unheard of", 3), Untranslated)
    assert not isinstance(kept.gettext("%(council)s: %(amount)s"), Untranslated)
    assert kept.gettext("%(council)s: %(amount)s") == "%(council)s: %(amount)s"


@pytest.fixture
def site(applications: Callable[[str], Flask]) -> Flask:
    """The application on an empty database. Which database it is makes no difference to words."""
    application = applications("sqlite")
    empty(application)
    return application


def plain_paths(app: Flask, entry: Entry) -> list[str]:
    """The pages with a fixed address that this kind of reader may enter."""
    with app.app_context():
        return sorted(
            rule.rule
            for rule in app.url_map.iter_rules()
            if not rule.arguments
            and "GET" in (rule.methods or ())
            and not rule.rule.startswith(ENGLISH_ONLY)
            and entry_of(rule.endpoint) is entry
        )


def not_welsh(client: CheckedClient, paths: list[str]) -> list[str]:
    """What is wrong with the Welsh of some pages."""
    wrong = []
    for path in paths:
        answer = client.get(f"/cy{path}")
        if answer.status_code in REDIRECTS or answer.mimetype != "text/html":
            continue
        page = parsed(answer)
        said = (answer.headers.get("Content-Language"), page.html and page.html.get("lang"))
        if said != ("cy", "cy") or page.find(class_="untranslated") is not None:
            wrong.append(f"{path} says {said}, status {answer.status_code}")
    return wrong


@pytest.mark.database
def test_every_page_anybody_may_read_is_in_welsh(site: Flask) -> None:
    client, world = site.test_client(), make_world(Factory(site))
    assert isinstance(client, CheckedClient)
    paths = plain_paths(site, Entry.ANYONE)

    assert len(paths) > 12
    assert not_welsh(client, [*paths, *world.public_paths, "/nothing-here"]) == []


@pytest.mark.database
@pytest.mark.parametrize(
    "entry, role",
    [
        (Entry.OFFICER, Role.AUTHORISER),
        (Entry.MEMBER, Role.AUTHORISER),
        (Entry.COORDINATOR, Role.COORDINATOR),
        (Entry.PLATFORM_ADMIN, Role.PLATFORM_ADMIN),
    ],
)
def test_every_page_one_signs_in_for_is_in_welsh(site: Flask, entry: Entry, role: Role) -> None:
    make, client = Factory(site), site.test_client()
    assert isinstance(client, CheckedClient)
    council = make.council() if role is Role.AUTHORISER else None
    officer = make.officer(council, role)
    make.signed_in(client, officer, council)
    make_world(make)
    paths = plain_paths(site, entry)

    assert paths
    assert not_welsh(client, paths) == []


@pytest.mark.database
def test_a_welsh_page_reads_in_welsh(site: Flask) -> None:
    client = site.test_client()
    assert isinstance(client, CheckedClient)

    assert "Prosiectau" in client.page("/cy/projects").get_text()
    assert "Cynghorau" in client.page("/cy/councils").get_text()
    assert "Mewngofnodi" in client.page("/cy/sign-in").get_text()


@pytest.mark.database
def test_a_form_that_fails_says_so_in_welsh(site: Flask) -> None:
    client = site.test_client()
    assert isinstance(client, CheckedClient)

    page = parsed(client.send("/cy/sign-in", address="", password=""))

    assert page.html is not None
    assert page.html["lang"] == "cy"
    assert str(page.title.get_text() if page.title else "").startswith("Gwall:")

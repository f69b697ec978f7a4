"""What councils call the same thing: the one list of names (`synonyms.txt`), for the search and for similar work. Pure.

A name is one word or several. A single word is known in the singular and the plural, and in other forms as long as
enough of it stays; several words together are known in any form. A Welsh word is known however its first letter
changed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pipeline.search.welsh import radicals
from pipeline.search.words import TOO_COMMON, Name, plain, root, singular

NAMES = Path(__file__).with_name("synonyms.txt")
WAY = "~ "
LONGEST_NAME = 5
"""Words of the longest name that is looked up."""
_LONG_ROOT = 5
"""From so many letters on, what stays of a single word without its ending tells it from others."""


@dataclass(frozen=True, slots=True)
class _List:
    """The list as it is looked up: by keys of names."""

    others: dict[Name, dict[Name, None]] = field(default_factory=lambda: defaultdict(dict))
    meanings: dict[Name, str] = field(default_factory=dict)
    names: dict[str, tuple[Name, ...]] = field(default_factory=dict)
    by_root: dict[str, Name] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)
    roots: set[str] = field(default_factory=set)
    welsh: set[str] = field(default_factory=set)
    ways: set[str] = field(default_factory=set)


def other_names(name: Name) -> tuple[Name, ...]:
    """What else the same thing, or one near it, is called: those that mean the same first.

    Names that say nothing but a common word with stop words round it ("the tip") are left out: they lead to others,
    and are not looked for.
    """
    known, key = _known(), _key(name)
    return tuple(other for other in known.others.get(key, ()) if _key(other) != key and _tells(other))


def meaning_of(name: Name) -> str | None:
    """The name that stands for everything that means the same as this one; None for what stands for itself."""
    return _known().meanings.get(_key(name))


def names_of(meaning: str) -> tuple[Name, ...]:
    """All names that mean the same, by the one that stands for them."""
    return _known().names[meaning]


def meanings() -> Mapping[str, tuple[Name, ...]]:
    """Every meaning with its names."""
    return _known().names


def is_way_of_working(meaning: str) -> bool:
    """Whether a meaning says how something is done, or for whom, more than which service it is about."""
    return meaning in _known().ways


def is_known(word: str) -> bool:
    """Whether a word stands in a name of the list: then it is no typing mistake, wherever it occurs."""
    return singular(word) in _known().words or root(word) in _known().roots


def _key(name: Name) -> Name:
    """By which a name is looked up."""
    if len(name) > 1:
        return tuple(map(root, name))
    known, single = _known(), singular(name[0])
    if (single,) in known.others:
        return (single,)
    if (by_root := known.by_root.get(root(single))) is not None:
        return by_root
    return next(((one,) for one in radicals(single) if one in known.welsh), (single,))


def _tells(name: Name) -> bool:
    return len(name) == 1 or sum(word not in TOO_COMMON for word in name) > 1


@cache
def _known() -> _List:
    known = _List()
    ambiguous: set[str] = set()
    for line in NAMES.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        same, welsh, near = (*(list(_names_in(part)) for part in line.removeprefix(WAY).split("|")), [], [])[:3]
        meant = dict.fromkeys((*same, *welsh))
        first = " ".join(same[0])
        known.names[first] = tuple(meant)
        known.welsh.update(singular(name[0]) for name in welsh if len(name) == 1)
        if line.startswith(WAY):
            known.ways.add(first)
        for name in (*meant, *near):
            key = _first_key(name)
            # What means the same comes before what is near, on whichever line it stands.
            named = dict.fromkeys((*meant, *near))
            known.others[key] = {**named, **known.others[key]} if name in meant else {**known.others[key], **named}
            known.words.update(map(singular, name))
            known.roots.update(short for short in map(root, name) if len(short) >= _LONG_ROOT)
            if name in meant:
                known.meanings.setdefault(key, first)
            short = root(name[0])
            if len(name) == 1 and len(short) >= _LONG_ROOT and known.by_root.setdefault(short, key) != key:
                ambiguous.add(short)
    for short in ambiguous:
        del known.by_root[short]
    return known


def _names_in(part: str) -> Iterable[Name]:
    return (tuple(plain(name).split()) for name in part.split(",") if name.strip())


def _first_key(name: Name) -> Name:
    return tuple(map(root, name)) if len(name) > 1 else (singular(name[0]),)

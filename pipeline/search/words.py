"""Words as the index keeps them and as people look for them: the same on both databases, whatever is typed.

What is indexed and what is asked go through `plain`, so that neither database's own idea of accents, hyphens, quotes or
operators matters: both are left with words of letters and digits and a space between.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

Name = tuple[str, ...]
"""One word, or several that stand one after the other."""

MOST_WORDS = 12
"""More words than this are not looked for: the first ones say it."""
LONGEST_WORD = 40
SHORTEST_BEGINNING = 3
"""The last word may be unfinished from this many letters on."""

_WORD = re.compile(r"[^\W_]+")

_COMMON = """
    a about all also an and any are as at be because been but by can could do does for from had has have he her his how
    i if in into is it its more most no not of on or other our out over she so some such than that the their them then
    there these they this to too up was we were what when where which who why will with would you your
    ac am angen ar at beth ble cael dan dim dros ei eich ein er eu fel gael gan gyda hyn hynny mae mewn neu ni o oedd
    oes pa pob pwy rhwng roedd sut sy sydd wedi wrth y ydy ydyn yng ym yn yr yw
"""
TOO_COMMON = frozenset(_COMMON.split())
"""Words, English and Welsh, that say nothing about what somebody looks for."""
SAYS_LITTLE = frozenset(
    word
    for line in Path(__file__).with_name("common_words.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
)
"""Words that stand in the description of any work of a council."""


def plain(text: str) -> str:
    """A text as plain words: lower case, without accents, letters and digits only, one space between words.

    Signs that nobody sees (a soft hyphen, a mark of direction) do not take a word apart.
    """
    if text.isascii():
        return " ".join(_WORD.findall(text.lower()))
    # Taking letters apart can bring capitals out ("ᴬ" is an A), and folding can bring letters to take apart.
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = "".join(one for one in apart if not unicodedata.combining(one) and unicodedata.category(one) != "Cf")
    return " ".join(_WORD.findall(kept))


def words_of(text: str) -> tuple[str, ...]:
    """The words to look for in what somebody typed, each once, at most MOST_WORDS; none where nothing is left."""
    words = (word[:LONGEST_WORD] for word in plain(text[:1_000]).split())
    return tuple(dict.fromkeys(word for word in words if word not in TOO_COMMON))[:MOST_WORDS]


def grams_of(word: str) -> tuple[str, ...]:
    """Each three letters in a row of a word, its beginning marked: words that are nearly the same share many."""
    marked = f" {word}"
    return tuple(dict.fromkeys(marked[at : at + 3] for at in range(len(marked) - 2)))


def singular(word: str) -> str:
    """A word without the ending of a plural."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")) and len(word) > 5:
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


@lru_cache(maxsize=20_000)
def root(word: str) -> str:
    """About what stays of a word in all its forms: for looking words up, not for reading."""
    for ending in ("ings", "ing", "ies", "ied", "ers", "ed", "es", "er", "ly", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not (ending == "s" and word.endswith("ss")):
            word = word.removesuffix(ending)
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word.removesuffix("i")


def forms(word: str) -> tuple[str, ...]:
    """A word and the forms of it that are met most, the word itself first."""
    short = root(word)
    return tuple(dict.fromkeys((word, short, f"{word}s", f"{short}s", f"{short}ing", f"{short}ed")))

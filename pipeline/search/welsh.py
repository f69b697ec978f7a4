"""What a Welsh word was before its first letter changed, as it does after many little words. Pure."""

_BEFORE = (
    ("ngh", ("c",)), ("mh", ("p",)), ("nh", ("t",)), ("ng", ("g",)), ("ph", ("p",)), ("th", ("t",)), ("ch", ("c",)),
    ("dd", ("d",)), ("b", ("p",)), ("d", ("t",)), ("f", ("b", "m")), ("g", ("c",)), ("h", ("",)), ("l", ("ll",)),
    ("m", ("b",)), ("n", ("d",)), ("r", ("rh",)),
)  # fmt: skip
"""How a changed word begins, and how it may have begun. What begins with a vowel, w, l or r may have lost a g."""
_AFTER_G = ("a", "e", "i", "l", "o", "r", "u", "w", "y")
SHORTEST = 3


def radicals(word: str) -> tuple[str, ...]:
    """The words a word may be a changed form of, as *gwastraff* of *wastraff* and *tai* of *dai*, *thai* and *nhai*."""
    if len(word) < SHORTEST:
        return ()
    found = [
        first + word[len(changed) :] for changed, before in _BEFORE if word.startswith(changed) for first in before
    ]
    if word.startswith(_AFTER_G) and not word.startswith("ll"):
        found.append(f"g{word}")
    return tuple(one for one in dict.fromkeys(found) if len(one) >= SHORTEST)

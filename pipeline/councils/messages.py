"""How the events of the register read in a sentence."""

from collections.abc import Callable, Mapping
from typing import Any

from pipeline.kernel.words import Words, _

SENTENCES: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, str]], Words]] = {
    "council.added": lambda _payload, names: Words(
        _("{council} came onto the register."), council=names.get("council", "")
    ),
    "council.changed": lambda _payload, names: Words(
        _("Facts of {council} changed."), council=names.get("council", "")
    ),
    "council.succeeded": lambda _payload, names: Words(
        _("{council} was followed by others."), council=names.get("council", "")
    ),
}

"""How imports and their lines read: states, and what was noticed of a file."""

from pipeline.imports.rules import ImportState, LineState
from pipeline.kernel.words import Words, _

IMPORT_STATE_NAMES: dict[str, Words] = {
    ImportState.CHECKED.value: Words(_("Waits for you to confirm it")),
    ImportState.CONFIRMED.value: Words(_("Is being brought in")),
    ImportState.DONE.value: Words(_("Brought in")),
    ImportState.SET_ASIDE.value: Words(_("Set aside")),
}

LINE_STATE_NAMES: dict[LineState, Words] = {
    LineState.READY: Words(_("Not brought in yet")),
    LineState.MATCHED: Words(_("Here already")),
    LineState.REFUSED: Words(_("Refused")),
    LineState.ADDED: Words(_("Added as a draft")),
}

ENCODING_NAMES: dict[str, Words] = {
    "windows-1252": Words(
        _("The letters were read the way Windows keeps them, not as UTF-8. Look at £ signs and accents.")
    ),
    "utf-16": Words(_("The letters were read as UTF-16.")),
}
"""What is said of how the letters of a file were kept, where it is not the usual way."""

SEPARATOR_NAMES: dict[str, Words] = {
    ";": Words(_("Its cells are separated by semicolons.")),
    "\t": Words(_("Its cells are separated by tabs.")),
}
"""What is said of what stands between cells, where it is not a comma."""

"""Comparing two versions for a page or the API: worked out where no transaction is open, and kept for good after the
answer has left, where others will ask for it too."""

import logging
from collections.abc import Callable
from functools import partial
from uuid import UUID

import orjson
from flask import Flask, current_app

from pipeline.artefacts.comparison import Comparison
from pipeline.artefacts.comparison_forms import as_json, from_json
from pipeline.artefacts.diff import compare
from pipeline.artefacts.queries import comparing as queries
from pipeline.artefacts.queries.comparing import Side
from pipeline.db.work import housekeeping
from pipeline.kernel import clock
from pipeline.kernel.errors import Problem, RuleBroken
from pipeline.kernel.words import Words, _

log = logging.getLogger(__name__)

METHOD = 1
"""Raised when comparisons come out otherwise than before: those kept by an older method are worked out anew."""

LONGEST_COMPARED = 2_000_000
"""Characters of both texts together: far more than two versions can have, and within what is worked out in a moment."""

LONGEST_KEPT = 3_000_000
"""Characters of a comparison that is kept. A longer one is worked out each time."""


def compared(old: Side, new: Side, kept: str | None) -> tuple[Comparison, Callable[[], None] | None]:
    """A comparison, read from what is kept or worked out; and where it is worth it, what keeps it, to be called after
    the answer. No transaction may be open."""
    if kept is not None:
        return from_json(orjson.loads(kept)), None
    made = compare(old.text, new.text)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return made, partial(_keep, app, (old.id, new.id), made) if queries.is_worth_keeping(old, new) else None


def _keep(app: Flask, ids: tuple[UUID, UUID], made: Comparison) -> None:
    """Keep a comparison. The answer has left: whatever goes wrong here is only noted."""
    content = orjson.dumps(as_json(made)).decode()
    if len(content) > LONGEST_KEPT:
        return
    try:
        with app.app_context(), housekeeping("comparisons") as session:
            queries.keep_comparison(session, *ids, METHOD, content, clock.now())
    except Exception:
        log.exception("a comparison could not be kept")


def check_size(old: Side, new: Side) -> None:
    """Two texts that can be compared while somebody waits. Raises RuleBroken (comparison.too_large)."""
    if len(old.text) + len(new.text) > LONGEST_COMPARED:
        words = Words(_("These two are too long to compare here. Open each of them, or download both."))
        raise RuleBroken(Problem("comparison.too_large", words, "to"))

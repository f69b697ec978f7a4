"""The verbs of signposts: added, changed and ended, never deleted."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any
from uuid import UUID

from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict, Problem, RuleBroken
from pipeline.kernel.event import Audience, as_json
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.signposts import policy, queries, rules, succeeding  # noqa: F401 (succeeding signs up below)
from pipeline.signposts.events import SignpostAdded, SignpostChanged, SignpostEnded
from pipeline.signposts.models import Signpost
from pipeline.signposts.register import ShippedSignpost
from pipeline.signposts.rules import SignpostTerms

TEXTS = frozenset({"sentence", "sentence_cy", "source_title", "source_url"})


def add_signpost(
    work: UnitOfWork, *, terms: SignpostTerms, nation: str | None = None, council_id: UUID | None = None
) -> Signpost:
    """Put up a signpost for the councils of a nation, or for one council.

    Raises NotAllowed, RuleBroken (signpost.*).
    """
    work.require(policy.may_keep_signposts(work.actor, council_id))
    if council_id is None and not nation:
        raise RuleBroken(Problem("signpost.nation_missing", Words(_("Choose a nation")), "nation"))
    return _put_up(work, terms, nation=nation, council_id=council_id)


def change_signpost(
    work: UnitOfWork,
    *,
    signpost_id: UUID,
    terms: SignpostTerms,
    council_id: UUID | None = None,
    version: int | None = None,
) -> Signpost:
    """Put a signpost right. A sum that changes on a day is a new signpost: this one is given its last day.

    Raises NotFound, NotAllowed, RuleBroken (signpost.*), Conflict("signpost.ended" | "signpost.changed_meanwhile").
    """
    work.require(policy.may_keep_signposts(work.actor, council_id))
    signpost = _standing(work, signpost_id, council_id)
    if version is not None and version != signpost.version:
        words = Words(_("Somebody changed this signpost meanwhile. Look at it again before you change it."))
        raise Conflict("signpost.changed_meanwhile", words)
    rules.check_signpost(terms)
    changes = {
        one.name: [getattr(signpost, one.name), getattr(terms, one.name)]
        for one in fields(SignpostTerms)
        if getattr(signpost, one.name) != getattr(terms, one.name)
    }
    if not changes:
        return signpost
    for name, (_old, new) in changes.items():
        setattr(signpost, name, new)
    signpost.changed_at = work.now
    signpost.edited()
    said: dict[str, Any] = {name: None if name in TEXTS else as_json(pair) for name, pair in changes.items()}
    _record(work, SignpostChanged(signpost_id=signpost.id, changes=said), council_id)
    return signpost


def end_signpost(work: UnitOfWork, *, signpost_id: UUID, council_id: UUID | None = None) -> Signpost:
    """Take a signpost down. It is kept. Raises NotFound, NotAllowed, Conflict("signpost.ended")."""
    work.require(policy.may_keep_signposts(work.actor, council_id))
    signpost = _standing(work, signpost_id, council_id)
    signpost.ended_at = signpost.changed_at = work.now
    signpost.edited()
    _record(work, SignpostEnded(signpost_id=signpost.id), council_id)
    return signpost


def load_signposts(work: UnitOfWork, *, shipped: Iterable[ShippedSignpost]) -> int:
    """Put up the signposts that ship with Pipeline and are not there yet; return how many that were.

    One that was loaded before is left as it is, also where people changed or ended it. Raises NotAllowed.
    """
    work.require(policy.may_load_signposts(work.actor))
    known = queries.keys_known(work)
    new = [one for one in shipped if one.key not in known]
    for one in new:
        _put_up(work, one.terms, nation=one.nation, key=one.key)
    return len(new)


def _put_up(
    work: UnitOfWork,
    terms: SignpostTerms,
    *,
    nation: str | None = None,
    council_id: UUID | None = None,
    key: str | None = None,
) -> Signpost:
    rules.check_signpost(terms)
    values = {one.name: getattr(terms, one.name) for one in fields(SignpostTerms)}
    signpost = work.add(
        Signpost(
            id=new_id(), key=key, nation=None if council_id else nation, council_id=council_id, added_at=work.now,
            changed_at=work.now, **values,
        )
    )  # fmt: skip
    event = SignpostAdded(
        signpost_id=signpost.id, nation=signpost.nation, about=terms.about, pence=terms.pence,
        half_days=terms.half_days, first_on=signpost.first_on, last_on=terms.last_on,
    )  # fmt: skip
    _record(work, event, council_id)
    return signpost


def _standing(work: UnitOfWork, signpost_id: UUID, council_id: UUID | None) -> Signpost:
    signpost = queries.signpost_kept(work, signpost_id, council_id, lock=True)
    if signpost.ended_at is not None:
        raise Conflict("signpost.ended", Words(_("This signpost has ended. Add a new one instead.")), ("add",))
    return signpost


def _record(work: UnitOfWork, event: SignpostAdded | SignpostChanged | SignpostEnded, council_id: UUID | None) -> None:
    audience = Audience.OPERATORS if council_id is None else Audience.COUNCIL
    work.record(event, audience=audience, council_id=council_id)

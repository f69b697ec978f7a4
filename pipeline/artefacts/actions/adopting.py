"""Adopting a document as it is, moving up to a newer version, changing what is recorded, and using it no longer."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from pipeline.artefacts import policy
from pipeline.artefacts.adoption_events import AdoptionChanged, AdoptionEnded, AdoptionRecorded
from pipeline.artefacts.adoption_rules import AdoptionDetails, check_adoption, check_end_reason
from pipeline.artefacts.models import Adoption, AdoptionMove, Artefact, Version
from pipeline.artefacts.queries import seeing
from pipeline.artefacts.rules import AdoptionStanding, VersionStatus
from pipeline.db.work import UnitOfWork
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import Conflict
from pipeline.kernel.event import Audience
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.projects.actions.keeping import acting, check_no_addresses, check_version

AS_IS, ADAPTED = AdoptionStanding.AS_IS.value, AdoptionStanding.ADAPTED.value
PREPARING, ENDED = AdoptionStanding.PREPARING.value, AdoptionStanding.ENDED.value
DETAILS = ("review_on", "note", "approved_by", "approved_on")


def adopt_version(work: UnitOfWork, *, slug: str, number: int, details: AdoptionDetails) -> Adoption:
    """Record that the actor's council uses a version of a document as it is.

    Raises NotFound, NotAllowed, RuleBroken (adoption.*, text.holds_address), Conflict (version.withdrawn,
    version.removed, artefact.not_public, adoption.stands).
    """
    artefact, project = seeing.artefact_seen_by(work, slug, lock=True)
    facts = seeing.artefact_facts_of(work, artefact, project)
    work.require(policy.may_adopt(work.actor, facts))
    check_public(artefact)
    version = seeing.version_of(work, artefact, number)
    check_usable(version)
    _check_details(work, details)
    officer_id, council_id = acting(work)
    if standing_adoption(work, artefact.id, council_id) is not None:
        raise _stands()
    adoption = _begin(work, artefact, version, officer_id, council_id, details)
    count_standing(work, artefact, None, AS_IS)
    changes: dict[str, list[object]] = {"standing": [None, AS_IS], "number": [None, number]}
    work.record(
        AdoptionRecorded(
            adoption_id=adoption.id, artefact_id=artefact.id, project_id=project.id, adopting_council_id=council_id,
            version_id=version.id, number=number, changes=changes,
        ),
        audience=facts.audience,
    )  # fmt: skip
    return adoption


def _begin(
    work: UnitOfWork, artefact: Artefact, version: Version, officer_id: UUID, council_id: UUID, details: AdoptionDetails
) -> Adoption:
    """Keep the adoption. The constraint has the last word where two officers of a council adopt at once."""
    adoption = Adoption(
        id=new_id(), artefact_id=artefact.id, council_id=council_id, version_id=version.id, standing=AS_IS,
        review_on=details.review_on, note=details.note, approved_by=details.approved_by,
        approved_on=details.approved_on, officer_id=officer_id, started_at=work.now, updated_at=work.now,
    )  # fmt: skip
    try:
        with work.session.begin_nested():
            work.add(adoption)
            work.session.flush()
    except IntegrityError as error:
        raise _stands() from error
    note_move(work, adoption)
    return adoption


def move_up(work: UnitOfWork, *, adoption_id: UUID, number: int | None = None) -> Adoption:
    """Use a newer version of a document from now on; the current one unless a number is given.

    Whoever uses a version that was withdrawn may move to any that lives. Raises NotFound, NotAllowed, Conflict
    (adoption.ended, adoption.adapted, adoption.up_to_date, adoption.not_newer, version.withdrawn, version.removed).
    """
    adoption, artefact, project = seeing.adoption_seen_by(work, adoption_id, lock=True)
    work.require(policy.may_change_adoption(work.actor, seeing.adoption_facts_of(adoption)))
    check_standing(adoption)
    if adoption.standing != AS_IS:
        words = Words(_("Your council has a copy of its own. Take the changes of the original into it instead."))
        raise Conflict("adoption.adapted", words, ("merge",))
    before = work.session.get_one(Version, adoption.version_id)
    wanted = number if number is not None else artefact.current_number
    if wanted is None or wanted == before.number:
        raise Conflict("adoption.up_to_date", Words(_("There is no newer version to move to.")))
    version = seeing.version_of(work, artefact, wanted)
    check_usable(version)
    if wanted < before.number and before.status == VersionStatus.PUBLISHED.value:
        raise Conflict("adoption.not_newer", Words(_("Your council uses a newer version than that.")))
    adoption.version_id, adoption.moved_at = version.id, work.now
    _edited(work, adoption)
    note_move(work, adoption, before.id)
    touch_artefact(work, artefact)
    changes: dict[str, list[object]] = {"number": [before.number, version.number]}
    facts = seeing.artefact_facts_of(work, artefact, project)
    work.record(changed_event(adoption, artefact, version, ("version_id",), changes), audience=facts.audience)
    return adoption


def change_adoption(work: UnitOfWork, *, adoption_id: UUID, version: int, details: AdoptionDetails) -> Adoption:
    """Change what is recorded of an adoption. `version` is that of what was read.

    Raises NotFound, NotAllowed, RuleBroken (adoption.*, text.holds_address), Conflict (adoption.ended,
    adoption.changed_meanwhile).
    """
    adoption, artefact, project = seeing.adoption_seen_by(work, adoption_id, lock=True)
    work.require(policy.may_change_adoption(work.actor, seeing.adoption_facts_of(adoption)))
    check_standing(adoption)
    check_version(adoption, version, "adoption")
    before = details_of(adoption)
    _check_details(work, details, before)
    fields = tuple(name for name in DETAILS if getattr(before, name) != getattr(details, name))
    if not fields:
        return adoption
    changes: dict[str, list[object]] = {
        name: [getattr(before, name), getattr(details, name)] for name in fields if name.endswith("_on")
    }
    for name in fields:
        setattr(adoption, name, getattr(details, name))
    _edited(work, adoption)
    used = work.session.get_one(Version, adoption.version_id)
    work.record(
        changed_event(adoption, artefact, used, fields, changes),
        audience=audience_of(adoption, seeing.artefact_facts_of(work, artefact, project).audience),
    )
    return adoption


def end_adoption(work: UnitOfWork, *, adoption_id: UUID, reason: str = "") -> Adoption:
    """Say that the council uses a document no longer. A copy of its own stays, and the adoption may start again.

    Raises NotFound, NotAllowed, RuleBroken (adoption.reason_too_long, text.holds_address), Conflict (adoption.ended).
    """
    adoption, artefact, project = seeing.adoption_seen_by(work, adoption_id, lock=True)
    work.require(policy.may_change_adoption(work.actor, seeing.adoption_facts_of(adoption)))
    check_standing(adoption)
    check_end_reason(reason)
    check_no_addresses(work, {"reason": reason})
    audience = audience_of(adoption, seeing.artefact_facts_of(work, artefact, project).audience)
    finish(work, adoption, artefact, reason, audience)
    return adoption


def finish(work: UnitOfWork, adoption: Adoption, artefact: Artefact, reason: str, audience: Audience) -> None:
    """End an adoption that stands, with its move, its event and the counters of the document."""
    before = adoption.standing
    adoption.standing, adoption.ended_at, adoption.ended_reason = ENDED, work.now, reason
    _edited(work, adoption)
    note_move(work, adoption, adoption.version_id)
    count_standing(work, artefact, before, ENDED)
    changes: dict[str, list[object]] = {"standing": [before, ENDED]}
    work.record(
        AdoptionEnded(
            adoption_id=adoption.id, artefact_id=artefact.id, project_id=artefact.project_id,
            adopting_council_id=adoption.council_id, changes=changes,
        ),
        audience=audience,
    )  # fmt: skip


# What adapting shares


def standing_adoption(work: UnitOfWork, artefact_id: UUID, council_id: UUID) -> Adoption | None:
    """The adoption of a document by a council that stands, if one does, with what is in the database now."""
    query = select(Adoption).where(
        Adoption.artefact_id == artefact_id, Adoption.council_id == council_id, Adoption.ended_at.is_(None)
    )
    return work.session.scalars(query.execution_options(populate_existing=True)).first()


def check_public(artefact: Artefact) -> None:
    """Only what everybody can read is used by other councils. Raises Conflict (artefact.not_public)."""
    if not artefact.is_public:
        words = Words(_("This document is not public, so other councils cannot use it."))
        raise Conflict("artefact.not_public", words)


def check_usable(version: Version) -> None:
    """A version that is withdrawn or removed is not used. Raises Conflict (version.withdrawn, version.removed)."""
    if version.status == VersionStatus.WITHDRAWN.value:
        words = Words(_("Version {n} was withdrawn: do not use it. Choose another version."), n=version.number)
        raise Conflict("version.withdrawn", words)
    if version.status == VersionStatus.REMOVED.value:
        words = Words(_("Version {n} was removed. Choose another version."), n=version.number)
        raise Conflict("version.removed", words)


def check_standing(adoption: Adoption) -> None:
    """What has ended does not change. Raises Conflict (adoption.ended)."""
    if adoption.ended_at is not None:
        words = Words(_("Your council uses this document no longer. It can be adopted again."))
        raise Conflict("adoption.ended", words, ("adopt",))


def count_standing(work: UnitOfWork, artefact: Artefact, before: str | None, after: str) -> None:
    """Keep how many adoptions of a document stand, as is and adapted. The rows are changed where they are: whoever
    publishes a copy holds no lock on the original."""
    as_is = (after == AS_IS) - (before == AS_IS)
    adapted = (after == ADAPTED) - (before == ADAPTED)
    work.session.flush()
    work.session.execute(
        update(Artefact)
        .where(Artefact.id == artefact.id)
        .values(
            as_is=Artefact.as_is + as_is, adapted=Artefact.adapted + adapted,
            adoptions=Artefact.adoptions + as_is + adapted, revision=Artefact.revision + 1, updated_at=work.now,
        ),
        execution_options={"synchronize_session": False},
    )  # fmt: skip
    work.session.expire(artefact, ["as_is", "adapted", "adoptions", "revision", "updated_at"])


def touch_artefact(work: UnitOfWork, artefact: Artefact) -> None:
    """Say that something the public reads of a document changed, though not its own fields."""
    artefact.revision += 1
    artefact.updated_at = work.now


def note_move(work: UnitOfWork, adoption: Adoption, from_version_id: UUID | None = None) -> None:
    """Remember a step of an adoption, as it stands after it."""
    work.add(
        AdoptionMove(
            id=new_id(), adoption_id=adoption.id, standing=adoption.standing, from_version_id=from_version_id,
            version_id=adoption.version_id, officer_id=work.actor.officer_id, moved_at=work.now,
        )
    )  # fmt: skip


def changed_event(
    adoption: Adoption, artefact: Artefact, used: Version, fields: tuple[str, ...], changes: dict[str, list[object]]
) -> AdoptionChanged:
    """That an adoption changed; `used` is the version it names now."""
    return AdoptionChanged(
        adoption_id=adoption.id, artefact_id=artefact.id, project_id=artefact.project_id,
        adopting_council_id=adoption.council_id, version_id=used.id, number=used.number, fields=fields,
        changes=changes,
    )  # fmt: skip


def audience_of(adoption: Adoption, widest: Audience) -> Audience:
    """Who reads what happens to an adoption: while a copy is prepared, nobody but the two councils."""
    return Audience.PROJECT if adoption.standing == PREPARING else widest


def details_of(adoption: Adoption) -> AdoptionDetails:
    """What an adoption records now."""
    return AdoptionDetails(adoption.review_on, adoption.note, adoption.approved_by, adoption.approved_on)


def _edited(work: UnitOfWork, adoption: Adoption) -> None:
    adoption.edited()
    adoption.updated_at = work.now


def _check_details(work: UnitOfWork, details: AdoptionDetails, before: AdoptionDetails | None = None) -> None:
    check_adoption(details, uk_date(work.now), before=before)
    check_no_addresses(work, {"note": details.note, "approved_by": details.approved_by})


def _stands() -> Conflict:
    words = Words(_("Your council uses this document already. Move up to another version instead."))
    return Conflict("adoption.stands", words, ("move_up", "change", "end"))

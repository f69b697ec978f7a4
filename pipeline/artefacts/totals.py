"""The kept totals of shared documents against their rows, for `flask reconcile` and `flask check`."""

from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from pipeline.artefacts.models import Adoption, Artefact, ChecklistAnswers, Version
from pipeline.artefacts.queries.checklists import entries_of
from pipeline.artefacts.rules import AdoptionStanding, ArtefactStatus, PointAnswer, VersionStatus
from pipeline.db.totals import Difference, compared
from pipeline.db.work import Reading


def differences(reading: Reading) -> list[Difference]:
    """Every kept total of shared documents that is not the sum of its rows, and every wrong current version."""
    found = [one for exact in (_adoptions(), _copies(), _numbers()) for one in compared(reading, Artefact, exact)]
    return found + compared(reading, ChecklistAnswers, _answers(reading))


def _adoptions() -> Any:
    def number(*standings: AdoptionStanding) -> Any:
        return func.sum(case((Adoption.standing.in_([one.value for one in standings]), 1), else_=0))

    return select(
        Adoption.artefact_id.label("row_id"),
        number(AdoptionStanding.AS_IS).label("as_is"),
        number(AdoptionStanding.ADAPTED).label("adapted"),
        number(AdoptionStanding.AS_IS, AdoptionStanding.ADAPTED).label("adoptions"),
    ).group_by(Adoption.artefact_id)


def _copies() -> Any:
    copy = aliased(Artefact)
    return (
        select(copy.upstream_id.label("row_id"), func.count().label("copies"))
        .where(copy.upstream_id.is_not(None), copy.status != ArtefactStatus.DRAFT.value)
        .group_by(copy.upstream_id)
    )


def _numbers() -> Any:
    """The last number given, and the current one: the highest neither withdrawn nor removed."""
    live = case((Version.status == VersionStatus.PUBLISHED.value, Version.number))
    return (
        select(Version.artefact_id.label("row_id"), func.max(Version.number).label("last_number"))
        .add_columns(func.coalesce(func.max(live), 0).label("current_number"))
        .group_by(Version.artefact_id)
    )


def _answers(reading: Reading) -> Any:
    """How many points a council publishes each answer to."""
    _point, answer = entries_of(reading, ChecklistAnswers.published_answers)
    numbers = [func.sum(case((answer == word.value, 1), else_=0)).label(word.value) for word in PointAnswer]
    return select(ChecklistAnswers.id.label("row_id"), *numbers).group_by(ChecklistAnswers.id)

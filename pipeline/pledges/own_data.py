"""What pledges hold about an officer: for "download my data"."""

from typing import Any

from sqlalchemy import select

from pipeline.db.work import Reading
from pipeline.pledges.models import Authorisation, AuthorisationRequest, Delivery, NotCome, Pledge
from pipeline.projects.models import Need, Project

_OWN: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "pledges_offered": (Pledge.officer_id, (Pledge.message, Pledge.reason, Pledge.offered_at)),
    "pledges_authorised": (
        Authorisation.officer_id,
        (Authorisation.capacity, Authorisation.reasons, Authorisation.alternatives, Authorisation.interests,
         Authorisation.authorised_at),
    ),
    "authorisations_set_aside": (Authorisation.set_aside_by, (Authorisation.set_aside_at,)),
    "people_asked_to_authorise": (
        AuthorisationRequest.asked_by, (AuthorisationRequest.address, AuthorisationRequest.asked_at)
    ),
    "deliveries_recorded": (
        Delivery.recorded_by,
        (Delivery.amount, Delivery.delivered_on, Delivery.note, Delivery.recorded_at),
    ),
    "deliveries_answered": (Delivery.answered_by, (Delivery.answer, Delivery.answered_at)),
    "said_not_to_have_come": (NotCome.said_by, (NotCome.note, NotCome.said_at)),
}  # fmt: skip
"""Each heading: the column that names the officer, and the columns that are given beside the pledge."""


def data_of(reading: Reading) -> dict[str, Any]:
    """Everything pledges hold about whoever asks, as plain values by heading."""
    return {name: _rows(reading, owner, columns) for name, (owner, columns) in _OWN.items()}


def _rows(reading: Reading, owner: Any, columns: tuple[Any, ...]) -> list[dict[str, Any]]:
    table = owner.class_
    query = select(
        Project.title.label("project"), Need.title.label("need"), Pledge.amount.label("pledged"), Pledge.kind,
        Pledge.status, *columns,
    ).select_from(Pledge)  # fmt: skip
    if table is not Pledge:
        query = query.join(table, table.pledge_id == Pledge.id)
    joined = query.join(Need, Need.id == Pledge.need_id).join(Project, Project.id == Pledge.project_id)
    rows = reading.session.execute(joined.where(owner == reading.actor.officer_id).order_by(table.id))
    return [dict(row._mapping) for row in rows]

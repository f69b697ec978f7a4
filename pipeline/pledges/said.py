"""What every event of a pledge says of it, and who may read it."""

from typing import Any

from pipeline.kernel.event import Audience
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import PledgeStatus
from pipeline.projects.models import Project


def said(pledge: Pledge) -> dict[str, Any]:
    """The fields of a `PledgeEvent`."""
    return {
        "pledge_id": pledge.id, "need_id": pledge.need_id, "project_id": pledge.project_id,
        "pledging_council_id": pledge.council_id, "kind": pledge.kind, "amount": pledge.amount,
    }  # fmt: skip


def step(before: PledgeStatus | None, after: PledgeStatus) -> dict[str, Any]:
    """A step of a pledge, as `changes` hold it."""
    return {"status": [before, after]}


def audience_of(project: Project) -> Audience:
    """The widest audience of events of a project's pledges."""
    return Audience.PUBLIC if project.is_public else Audience.PROJECT

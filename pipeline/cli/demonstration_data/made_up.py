"""Everything the demonstration makes up, in the order it is loaded."""

from pipeline.cli.demonstration_data import documents_kept, lessons_learned
from pipeline.cli.demonstration_data.coming_together import PROJECTS as COMING_TOGETHER
from pipeline.cli.demonstration_data.for_places import PROJECTS as FOR_PLACES
from pipeline.cli.demonstration_data.for_residents import PROJECTS as FOR_RESIDENTS
from pipeline.cli.demonstration_data.inside_councils import PROJECTS as INSIDE_COUNCILS
from pipeline.cli.demonstration_data.passing_on import PROJECTS as PASSING_ON
from pipeline.cli.demonstration_data.past_work import PROJECTS as PAST_WORK
from pipeline.cli.demonstration_data.people import COUNCILS, OFFICERS, SETTINGS, SUCCESSORS, WEBHOOKS
from pipeline.cli.demonstration_data.seen_through import PROJECTS as SEEN_THROUGH
from pipeline.cli.demonstration_data.shapes import (
    MadeUpAct,
    MadeUpCouncil,
    MadeUpNeed,
    MadeUpOfficer,
    MadeUpPledge,
    MadeUpProject,
    MadeUpSetting,
    MadeUpUpdate,
    MadeUpWebhook,
)

PROJECTS: tuple[MadeUpProject, ...] = (
    *FOR_RESIDENTS, *FOR_PLACES, *INSIDE_COUNCILS, *COMING_TOGETHER, *SEEN_THROUGH, *PASSING_ON, *PAST_WORK,
)  # fmt: skip

DOCUMENT_ACTS: tuple[MadeUpAct, ...] = (*documents_kept.ACTS, *lessons_learned.ACTS)
"""What happens to shared documents and lessons."""

TITLES = documents_kept.TITLES

ONE_PLEDGE_SHORT = "repairs-form"
"""The project that would go ahead if one more ordinary pledge of time came in and was accepted."""

FULL_NEED = ("burn-sensors", "sensors")
"""The capped need in which no room is left."""

__all__ = [
    "COUNCILS",
    "DOCUMENT_ACTS",
    "FULL_NEED",
    "OFFICERS",
    "ONE_PLEDGE_SHORT",
    "PROJECTS",
    "SETTINGS",
    "SUCCESSORS",
    "TITLES",
    "WEBHOOKS",
    "MadeUpAct",
    "MadeUpCouncil",
    "MadeUpNeed",
    "MadeUpOfficer",
    "MadeUpPledge",
    "MadeUpProject",
    "MadeUpSetting",
    "MadeUpUpdate",
    "MadeUpWebhook",
]

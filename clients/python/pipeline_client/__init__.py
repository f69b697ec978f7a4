"""Read and act on a Pipeline from Python. `Client` is where to begin."""

from pipeline_client.client import Client
from pipeline_client.log import EventLog
from pipeline_client.problems import ApiProblem, Unreachable
from pipeline_client.things import (
    Adoption,
    Artefact,
    Council,
    Event,
    Lesson,
    Need,
    Pledge,
    Project,
    Update,
)

__all__ = [
    "Adoption",
    "ApiProblem",
    "Artefact",
    "Client",
    "Council",
    "Event",
    "EventLog",
    "Lesson",
    "Need",
    "Pledge",
    "Project",
    "Unreachable",
    "Update",
]

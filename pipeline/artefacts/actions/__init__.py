"""The verbs of shared documents, one file a journey."""

from pipeline.artefacts import shown  # noqa: F401 (signs up with the layers below)
from pipeline.artefacts.actions import passing  # noqa: F401 (signs up with the layer below)

"""The pages of lessons, by what one does there: finding, reading, writing, pinning, and answering. Each file adds its
routes to the one blueprint."""

from pipeline.web.lessons import answering, library, pinning, showing, writing
from pipeline.web.lessons.blueprint import blueprint
from pipeline.web.lessons.panels import panel_of

__all__ = ["answering", "blueprint", "library", "panel_of", "pinning", "showing", "writing"]

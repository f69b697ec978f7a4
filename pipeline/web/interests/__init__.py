"""Pages of following, interest, joining a team, and asking back."""

from pipeline.web.interests import asking_back, following, interest, joining  # noqa: F401 (they add their routes)
from pipeline.web.interests.blueprint import blueprint

__all__ = ["blueprint"]

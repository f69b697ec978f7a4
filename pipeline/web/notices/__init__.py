"""Notices, how one wants to be told of them, and what one follows."""

from pipeline.web.notices import choosing, following
from pipeline.web.notices.showing import blueprint

__all__ = ["blueprint", "choosing", "following"]

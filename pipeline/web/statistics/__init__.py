"""The figures of everything public: pages, with their charts and tables, and the same as CSV."""

from pipeline.web.statistics.pages import blueprint

__all__ = ["blueprint"]

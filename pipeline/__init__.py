"""Pipeline: councils post projects, pledge to each other's, and share what they learn.

The layers, from the bottom: kernel, db, documents, councils, accounts, projects, pledges, search, notifications,
http, and the entry points web, api and cli. `pipeline.app` builds the application. docs/architecture.md tells the rest.
"""

RELEASE = "2026-11"
"""The release. It is part of every ETag, so that a new release never answers 304 for an old representation."""

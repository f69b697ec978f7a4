"""The files that documents were taken from: which are still needed."""

from datetime import timedelta

from sqlalchemy import exists

from pipeline.artefacts.models import Draft, Version
from pipeline.artefacts.rules import DraftStatus
from pipeline.db.jobs import Duty
from pipeline.documents.keeping import forget_uploads
from pipeline.documents.models import Upload


def forget_unused_uploads() -> None:
    """Forget files that no version and no open draft was taken from, a day after they were brought."""
    in_draft = exists().where(Draft.original_upload_id == Upload.id, Draft.status != DraftStatus.DISCARDED.value)
    in_version = exists().where(Version.original_upload_id == Upload.id)
    forget_uploads([in_draft, in_version])


DUTIES = (Duty("documents.unused_uploads", timedelta(hours=1), forget_unused_uploads),)
"""What `flask worker` runs for files that were brought."""

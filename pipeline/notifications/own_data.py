"""What notices hold about an officer: for "download my data"."""

from typing import Any

from pipeline.db.own_data import Own, rows_about_reader
from pipeline.db.work import Reading
from pipeline.notifications.models import MailPreference, Mute, Notice

_OWN: Own = {
    "notices": (
        Notice.officer_id, (Notice.kind, Notice.about_type, Notice.about_id, Notice.made_at, Notice.read_at)
    ),
    "e_mail_preferences": (
        MailPreference.officer_id,
        (MailPreference.waiting, MailPreference.part, MailPreference.documents, MailPreference.council,
         MailPreference.following, MailPreference.quiet_first, MailPreference.quiet_last),
    ),
    "muted": (Mute.officer_id, (Mute.subject_type, Mute.subject_id, Mute.muted_at)),
}  # fmt: skip
"""Each heading: the column that names the officer, and the columns that are given."""


def data_of(reading: Reading) -> dict[str, Any]:
    """What whoever asks was told, how they want to be told, and what they muted."""
    return rows_about_reader(reading, _OWN)

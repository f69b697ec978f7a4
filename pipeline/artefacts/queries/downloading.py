"""What stands in front of a version that leaves as a file."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from pipeline.artefacts.models import Artefact, KeptDownload, Version
from pipeline.artefacts.queries.document import attribution_of, licence_names
from pipeline.artefacts.rules import VersionStatus
from pipeline.councils.models import Council
from pipeline.db.work import Reading
from pipeline.documents.downloads import Download, Form, FrontFacts, download
from pipeline.kernel.clock import uk_date
from pipeline.kernel.translation import said_in
from pipeline.kernel.words import Words, _, day_words


def front_facts(reading: Reading, artefact: Artefact, version: Version, address: str) -> FrontFacts:
    """Title, council, number, date, licence and attribution of a version; `address` is where it is kept, in full."""
    council = reading.session.get_one(Council, artefact.council_id)
    licence = licence_names(reading, [version.licence])[version.licence]
    published_on = uk_date(version.published_at)
    return FrontFacts(
        slug=artefact.address, title=version.title, council=council.name, version=version.number,
        published_on=said_in(day_words(published_on), artefact.language), published_iso=published_on.isoformat(),
        licence=licence.name, licence_url=licence.url, language=artefact.language, address=address,
        attribution=attribution_of(reading, version.sources), notice=_notice(artefact, version),
    )  # fmt: skip


def _notice(artefact: Artefact, version: Version) -> str:
    if version.status != VersionStatus.WITHDRAWN:
        return ""
    words = Words(_("Do not use this version: it was withdrawn. {reason}"), reason=version.withdrawn_reason or "")
    return said_in(words, artefact.language)


def as_file(form: Form, facts: FrontFacts, text: str) -> Download:
    """A version as a file, in the language of the document. Raises NotConverted."""
    return download(form, facts, text, lambda words: said_in(words, facts.language))


MOST_KEPT = 200
"""Files that are kept. The oldest go first: most people download what has just been published."""


def kept_download(reading: Reading, version_id: UUID, form: Form, mark: str) -> bytes | None:
    """The file that was made of a version from just this, if it is kept."""
    query = select(KeptDownload.content).where(
        KeptDownload.version_id == version_id, KeptDownload.form == form.value, KeptDownload.mark == mark
    )
    return reading.session.scalar(query)


def keep_download(session: Session, version_id: UUID, form: Form, mark: str, content: bytes, now: datetime) -> None:
    """Keep a file in place of one made from something else, where the version still has its text.

    For `housekeeping("downloads")`, after the answer. A removal that came meanwhile wins.
    """
    status = session.scalar(select(Version.status).where(Version.id == version_id))
    if status is None or status == VersionStatus.REMOVED:
        return
    session.execute(delete(KeptDownload).where(KeptDownload.version_id == version_id, KeptDownload.form == form.value))
    values = {"version_id": version_id, "form": form.value, "mark": mark, "content": content, "made_at": now}
    session.execute(insert(KeptDownload).values(**values))
    over = (session.scalar(select(func.count()).select_from(KeptDownload)) or 0) - MOST_KEPT
    if over <= 0:
        return
    oldest = select(KeptDownload.version_id, KeptDownload.form).order_by(KeptDownload.made_at, KeptDownload.version_id)
    for other, its_form in session.execute(oldest.limit(over)).all():
        session.execute(delete(KeptDownload).where(KeptDownload.version_id == other, KeptDownload.form == its_form))

"""What stands in front of a version that leaves as a file."""

from pipeline.artefacts.models import Artefact, Version
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
        slug=artefact.slug or str(artefact.id), title=version.title, council=council.name, version=version.number,
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

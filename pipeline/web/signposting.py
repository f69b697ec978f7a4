"""How signposts show: as lines of a list, and beside the pledges of the council they are for."""

from typing import Any
from uuid import UUID

from pipeline.councils.vocabulary import NATION_BY_VALUE
from pipeline.db.work import Reading
from pipeline.http.language import current_language, say
from pipeline.pledges.rules import Offer
from pipeline.projects.rules import NeedKind
from pipeline.signposts.messages import ABOUT_WORDS, sum_words
from pipeline.signposts.models import Signpost
from pipeline.signposts.queries import signposts_near
from pipeline.signposts.rules import SignpostAbout
from pipeline.web.rendering import label


def lines_of(signpost: Signpost) -> dict[str, Any]:
    """A signpost as a page shows it: its sentence in the page's language, or in English and marked so."""
    is_welsh = current_language() == "cy"
    words = sum_words(signpost.terms)
    return {
        "id": signpost.id,
        "sum": say(words) if words else "",
        "about": say(ABOUT_WORDS[SignpostAbout(signpost.about)]),
        "nation": label(NATION_BY_VALUE[signpost.nation]) if signpost.nation in NATION_BY_VALUE else "",
        "sentence": signpost.sentence_cy if is_welsh and signpost.sentence_cy else signpost.sentence,
        "is_english_for_welsh": is_welsh and not signpost.sentence_cy,
        "source_title": signpost.source_title,
        "source_url": signpost.source_url,
        "first_on": signpost.first_on,
        "last_on": signpost.last_on,
        "ended_at": signpost.ended_at,
    }


def signposts_beside(
    reading: Reading,
    *,
    council_id: UUID | None,
    project_id: UUID,
    offer: Offer | None = None,
    kind: str | None = None,
) -> list[dict[str, Any]]:
    """The signposts to show an officer of the pledging council beside its pledges to a project; to others none.

    With `offer`, of a need's `kind`, also those that the offer would bring near.
    """
    if council_id is None:
        return []
    near = signposts_near(
        reading, council_id=council_id, project_id=project_id, offer=offer, kind=NeedKind(kind) if kind else None
    )
    return [lines_of(one) for one in near]

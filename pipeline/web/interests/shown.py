"""What the pages of interest, joining and asking back share: whom they name, and the questions they show."""

from typing import Any
from uuid import UUID

from flask import url_for

from pipeline.councils.models import Council
from pipeline.db.work import Reading
from pipeline.projects import interested
from pipeline.projects.models import Project
from pipeline.web.people import names_of
from pipeline.web.rendering import uk_date


def project_url(project: Project) -> str:
    """The page of a project; a draft's address holds its id."""
    return url_for("projects.show_project", slug=project.slug or project.id)


def council_name(reading: Reading, council_id: UUID) -> str:
    """The short name of a council."""
    return reading.session.get_one(Council, council_id).short_name


def who(reading: Reading, officer_id: UUID, council_id: UUID) -> str:
    """An officer as others see them, and their council."""
    return f"{names_of(reading, [officer_id])[officer_id]}, {council_name(reading, council_id)}"


def questions_shown(reading: Reading, subject_id: UUID, *, may_reply: bool) -> list[dict[str, Any]]:
    """What the leads asked back, with the replies; whoever may reply is led to where they can."""
    return [
        {
            "text": one.text,
            "asked_on": uk_date(one.asked_at),
            "reply": one.reply,
            "replied_on": uk_date(one.replied_at) if one.replied_at else "",
            "url": url_for("interests.reply", question_id=one.id) if may_reply and one.replied_at is None else "",
        }
        for one in interested.questions_about(reading, subject_id)
    ]

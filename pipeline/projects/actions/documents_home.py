"""*Documents of (council)*: where a council keeps documents that belong to no other project, made on first use."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from pipeline.councils.models import Council
from pipeline.db.work import UnitOfWork
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import NotFound
from pipeline.kernel.ids import new_id
from pipeline.projects import policy
from pipeline.projects.actions.keeping import acting, give_slug
from pipeline.projects.events import DocumentsHomeMade
from pipeline.projects.models import Project, ProjectPerson
from pipeline.projects.rules import LONGEST_TITLE, Mode, PersonRole, ProjectStatus


def documents_home(work: UnitOfWork) -> Project:
    """*Documents of (council)* of the council the actor acts for, made if it is not there yet.

    It is public from the first, asks for nothing, and no list of projects shows it. Whoever makes it leads it; every
    officer of the council is of its team as far as documents go. Raises NotAllowed.
    """
    work.require(policy.may_post_project(work.actor))
    officer_id, council_id = acting(work)
    home = _home_of(work, council_id)
    if home is not None:
        return home
    council = work.session.get(Council, council_id)
    if council is None:
        raise NotFound("council")
    try:
        with work.session.begin_nested():
            made = _make(work, council, officer_id)
            work.session.flush()
    except IntegrityError:
        # A colleague was first: the unique index of the table keeps it one.
        home = _home_of(work, council_id)
        if home is None:
            raise
        return home
    work.record(DocumentsHomeMade(project_id=made.id, lead_council_id=council_id))
    return made


def _home_of(work: UnitOfWork, council_id: UUID) -> Project | None:
    query = select(Project).where(Project.council_id == council_id, Project.keeps_documents)
    return work.session.scalars(query).first()


def _make(work: UnitOfWork, council: Council, officer_id: UUID) -> Project:
    title = f"Documents of {council.name}"[:LONGEST_TITLE]
    home = Project(
        id=new_id(), council_id=council.id, title=title, keeps_documents=True, is_under_way=True,
        summary=f"Policies, templates and other documents that {council.name} shares with other councils."[:300],
        mode=Mode.FLEXIBLE.value, is_made_up=council.is_made_up, sources=[], created_at=work.now, updated_at=work.now,
    )  # fmt: skip
    work.add(home)
    work.session.flush()
    give_slug(work, home)
    home.status, home.is_public = ProjectStatus.GOING_AHEAD.value, True
    home.published_at, home.went_ahead_at = work.now, work.now
    home.phase_changed_on = uk_date(work.now)
    work.add(
        ProjectPerson(
            id=new_id(), project_id=home.id, officer_id=officer_id, council_id=council.id, role=PersonRole.LEAD.value,
            started_at=work.now,
        )
    )  # fmt: skip
    return home

"""What every verb here does to a row: compare the version that was read, look for addresses, take a new slug."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from pipeline.accounts.queries import addresses_held
from pipeline.councils.models import Council
from pipeline.db.base import Edited
from pipeline.db.work import UnitOfWork
from pipeline.documents.markdown import Written
from pipeline.kernel.errors import Conflict, NotAllowed, Problem, RuleBroken
from pipeline.kernel.text import addresses_in
from pipeline.kernel.words import Words, _
from pipeline.projects.models import Need, Project, ProjectSlug
from pipeline.projects.rules import Mode, NeedKind, NeedTerms, ProjectDetails, slug_base

MOST_TRIES = 50


def acting(work: UnitOfWork) -> tuple[UUID, UUID]:
    """The officer who acts and the council they act for. Policies have asked for both; the system has neither."""
    officer_id, council_id = work.actor.officer_id, work.actor.council_id
    if officer_id is None or council_id is None:
        raise NotAllowed("project.members_only", Words(_("Only officers of a council can do this.")))
    return officer_id, council_id


def check_version(row: Edited | None, version: int, noun: str) -> None:
    """Refuse to overwrite what somebody else saved since the form was opened; 0 is the version of what was not there.

    Raises Conflict (….changed_meanwhile).
    """
    if version != (row.version if row else 0):
        words = Words(
            _("Somebody else saved this while you were writing. Nothing of yours is lost: compare, and save again.")
        )
        raise Conflict(f"{noun}.changed_meanwhile", words, ("compare",))


def check_no_addresses(work: UnitOfWork, texts: dict[str, str]) -> None:
    """A text is not published while it holds the address of anybody with an account.

    `texts` are keyed by their field. Raises RuleBroken (text.holds_address) naming each field.
    """
    held = [field for field, text in texts.items() if "@" in text and _holds_address(work, text)]
    words = Words(
        _("Take out the e-mail address: it belongs to somebody with an account. People are reached through Pipeline")
    )
    if held:
        raise RuleBroken(*(Problem("text.holds_address", words, field) for field in held))


def _holds_address(work: UnitOfWork, text: str) -> bool:
    addresses = addresses_in(text)
    return bool(addresses) and addresses_held(work.session, addresses)


def texts_of_details(details: ProjectDetails) -> dict[str, str]:
    """Everything a reader may read of a project, by field."""
    return {
        "title": details.title,
        "summary": details.summary,
        "problem": details.problem.as_read,
        "outcome": details.outcome.as_read,
    }


def texts_of_need(terms: NeedTerms) -> dict[str, str]:
    """Everything a person typed of a need, by field."""
    return {"title": terms.title, "description": terms.description, "thing": terms.thing or ""}


def details_of(project: Project) -> ProjectDetails:
    """What a project says of itself now. Its themes must be loaded."""
    return ProjectDetails(
        title=project.title, summary=project.summary, problem=Written(project.problem, project.problem_html),
        themes=tuple(theme.theme for theme in project.themes), phase=project.phase, mode=Mode(project.mode),
        decision_on=project.decision_on, least_councils=project.least_councils, is_under_way=project.is_under_way,
        is_past=project.is_past, year_ended=project.year_ended,
        outcome=Written(project.outcome, project.outcome_html), language=project.language,
    )  # fmt: skip


def terms_of(need: Need) -> NeedTerms:
    """What a need asks for now."""
    return NeedTerms(
        kind=NeedKind(need.kind), title=need.title, target=need.target, is_essential=need.is_essential,
        is_capped=need.is_capped, profession=need.profession, thing=need.thing, description=need.description,
    )  # fmt: skip


def give_slug(work: UnitOfWork, project: Project) -> None:
    """Give a project the slug of its title, with a number after it where another has or had that one.

    A slug it had before leads to it for ever. The unique column has the last word when two ask at once.
    """
    base = slug_base(project.title)
    if project.slug and _is_numbered(project.slug, base):
        return
    for number in range(1, MOST_TRIES):
        slug = base if number == 1 else f"{base}-{number}"
        if _is_taken(work, slug, project.id):
            continue
        try:
            with work.session.begin_nested():
                _move_to(work, project, slug)
                work.session.flush()
            return
        except IntegrityError:
            work.session.expire(project, ["slug"])
            work.session.refresh(project, ["slug"])
    _move_to(work, project, f"{base[:40]}-{project.id}")


def _is_numbered(slug: str, base: str) -> bool:
    """Whether a slug is the base, or the base with a number."""
    return slug == base or (slug.startswith(f"{base}-") and slug[len(base) + 1 :].isdigit())


def _is_taken(work: UnitOfWork, slug: str, project_id: UUID) -> bool:
    current = select(Project.id).where(Project.slug == slug, Project.id != project_id)
    former = select(ProjectSlug.project_id).where(ProjectSlug.slug == slug, ProjectSlug.project_id != project_id)
    return work.session.execute(current.union_all(former)).first() is not None


def _move_to(work: UnitOfWork, project: Project, slug: str) -> None:
    taken_back = work.session.get(ProjectSlug, slug)
    if taken_back is not None:
        work.session.delete(taken_back)
        work.session.flush()
    if project.slug:
        work.add(ProjectSlug(slug=project.slug, project_id=project.id))
    project.slug = slug


def changed_fields(before: object, after: object, names: Iterable[str]) -> tuple[str, ...]:
    """The names of the fields in which two values differ."""
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def touch(work: UnitOfWork, project: Project) -> None:
    """Say that something the public reads of a project changed, though not its own fields."""
    project.revision += 1
    project.updated_at = work.now


def count_lead(work: UnitOfWork, project: Project, change: int = 1) -> None:
    """Keep how many public projects the lead council leads."""
    work.session.execute(
        update(Council)
        .where(Council.id == project.council_id)
        .values(projects_led=Council.projects_led + change, revision=Council.revision + 1, updated_at=work.now),
        execution_options={"synchronize_session": False},
    )

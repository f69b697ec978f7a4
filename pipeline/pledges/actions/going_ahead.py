"""A lead gives the go-ahead before the decision date does; a flexible project goes ahead when work starts."""

from pipeline.db.work import UnitOfWork
from pipeline.kernel.clock import uk_date
from pipeline.pledges.actions.deciding_dates import go_ahead, lapse_past_their_date
from pipeline.pledges.actions.steps import taken_project
from pipeline.projects import policy, terms
from pipeline.projects.actions.terms import call_of
from pipeline.projects.models import Project


def give_go_ahead(work: UnitOfWork, *, slug: str) -> Project:
    """Say, as a lead, that an open project goes ahead: exactly the pledges that are agreed commit, in the same moment.

    An all-or-nothing project goes ahead early only while its test passes, and not in the five working days after a
    change of terms. Raises NotFound, NotAllowed, Conflict (project.wrong_status, project.hidden,
    project.test_not_passed, project.terms_just_changed).
    """
    project, facts = taken_project(work, slug)
    work.require(policy.may_give_go_ahead(work.actor, facts))
    lapse_past_their_date(work, project, uk_date(work.now))
    terms.check_go_ahead(call_of(work, project), uk_date(work.now))
    project.edited()
    project.updated_at = work.now
    go_ahead(work, project)
    return project

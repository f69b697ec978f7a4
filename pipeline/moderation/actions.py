"""The verbs of moderation: report, leave as it is, hide, bring back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pipeline.artefacts.actions import hiding as of_documents
from pipeline.comments import actions as of_comments
from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.lessons.actions import hiding as of_lessons
from pipeline.moderation import needed, policy, queries, rules  # noqa: F401 (needed signs up with the layer below)
from pipeline.moderation.events import ReportMade, ReportSettled
from pipeline.moderation.models import Hiding, Report
from pipeline.moderation.rules import MOST_REPORTS_A_DAY, Reported, ReportReason, ReportStatus
from pipeline.moderation.subjects import public_thing, thing_seen_by
from pipeline.projects.actions import hiding as of_projects
from pipeline.projects.actions.hiding import not_hidden
from pipeline.similarity import actions as of_similar_work


def report_thing(
    work: UnitOfWork, *, about: Reported, about_id: UUID, reason: ReportReason, words: str = "",
    is_to_be_answered: bool = False,
) -> Report:  # fmt: skip
    """Say that something public should not stand. Nobody is told who said so, or that others did.

    Raises NotFound, NotAllowed, RuleBroken (report.words_…), Conflict (report.made_already, report.too_many).
    """
    thing = public_thing(work, about, about_id)
    work.require(policy.may_report(work.actor))
    rules.check_report(reason, words)
    officer_id = work.actor.officer_id
    if queries.has_reported(work, about, about_id):
        words_ = Words(_("You have reported this already. A coordinator will look at it."))
        raise Conflict("report.made_already", words_)
    if officer_id is not None and queries.reported_within_a_day(work) >= MOST_REPORTS_A_DAY:
        raise Conflict("report.too_many", Words(_("You have reported a lot today. Try again tomorrow.")))
    report = work.add(
        Report(
            id=new_id(), about_type=about.value, about_id=thing.id, reason=reason.value, words=words,
            officer_id=officer_id, is_to_be_answered=is_to_be_answered and officer_id is not None,
            reported_at=work.now,
        )
    )  # fmt: skip
    work.record(ReportMade(report_id=report.id, about_type=about.value, about_id=thing.id, ground=reason.value))
    return report


def leave_reported(work: UnitOfWork, *, report_id: UUID) -> Report:
    """Leave what was reported as it is: every report about it that waits is settled with this one.

    Raises NotFound, NotAllowed, Conflict (report.settled).
    """
    report = queries.report_seen_by(work, report_id, lock=True)
    work.require(policy.may_tend_reports(work.actor))
    if report.status != ReportStatus.WAITING:
        raise Conflict("report.settled", Words(_("Somebody has looked at this report already.")))
    _settle(work, Reported(report.about_type), report.about_id, ReportStatus.LEFT)
    return report


def _settle(work: UnitOfWork, about: Reported, about_id: UUID, status: ReportStatus) -> None:
    """Say what came of all that was reported about a thing."""
    for report in queries.waiting_about(work, about, about_id):
        report.status, report.settled_at, report.settled_by = status.value, work.now, work.actor.officer_id
        for_officer_id = report.officer_id if report.is_to_be_answered else None
        work.record(
            ReportSettled(
                report_id=report.id, about_type=about.value, about_id=about_id, outcome=status.value,
                for_officer_id=for_officer_id,
            )
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Verbs:
    """How one kind of thing is hidden and brought back, by its own subject."""

    hide: Callable[[UnitOfWork, UUID], Any]
    restore: Callable[[UnitOfWork, UUID], Any]


def _hide_project(work: UnitOfWork, project_id: UUID) -> None:
    _show_what_is_in_it(work, of_projects.hide_project(work, project_id=project_id))


def _restore_project(work: UnitOfWork, project_id: UUID) -> None:
    _show_what_is_in_it(work, of_projects.restore_project(work, project_id=project_id))


def _show_what_is_in_it(work: UnitOfWork, project: Any) -> None:
    of_documents.show_with_project(work, project)
    of_lessons.show_with_project(work, project)


_VERBS: dict[Reported, _Verbs] = {
    Reported.PROJECT: _Verbs(_hide_project, _restore_project),
    Reported.UPDATE: _Verbs(
        lambda work, one: of_projects.hide_update(work, update_id=one),
        lambda work, one: of_projects.restore_update(work, update_id=one),
    ),
    Reported.LESSON: _Verbs(
        lambda work, one: of_lessons.hide_lesson(work, lesson_id=one),
        lambda work, one: of_lessons.restore_lesson(work, lesson_id=one),
    ),
    Reported.ARTEFACT: _Verbs(
        lambda work, one: of_documents.hide_artefact(work, artefact_id=one),
        lambda work, one: of_documents.restore_artefact(work, artefact_id=one),
    ),
    Reported.VERSION: _Verbs(
        lambda work, one: of_documents.hide_version(work, version_id=one),
        lambda work, one: of_documents.restore_version(work, version_id=one),
    ),
    Reported.SUGGESTION: _Verbs(
        lambda work, one: of_documents.hide_suggestion(work, suggestion_id=one),
        lambda work, one: of_documents.restore_suggestion(work, suggestion_id=one),
    ),
    Reported.COMMENT: _Verbs(
        lambda work, one: of_comments.hide_comment(work, comment_id=one),
        lambda work, one: of_comments.restore_comment(work, comment_id=one),
    ),
    Reported.DIFFERENCE: _Verbs(
        lambda work, one: of_similar_work.hide_difference(work, difference_id=one),
        lambda work, one: of_similar_work.restore_difference(work, difference_id=one),
    ),
}


def hide_thing(work: UnitOfWork, *, about: Reported, about_id: UUID, reason: str) -> Hiding:
    """Hide something, in one step: from then on only its team, its writer and coordinators find it. Those whose it is
    read the reason; all that was reported about it is settled.

    Raises NotFound, NotAllowed, RuleBroken (moderation.reason_…), Conflict (moderation.not_public,
    moderation.not_hideable).
    """
    thing_seen_by(work, about, about_id)
    work.require(policy.may_tend_reports(work.actor))
    rules.check_reason(reason)
    verbs = _VERBS.get(about)
    if verbs is None:
        words = Words(_("This cannot be hidden by itself. Hide what it belongs to."))
        raise Conflict("moderation.not_hideable", words)
    officer_id = work.actor.officer_id
    assert officer_id is not None  # noqa: S101 (a coordinator is an officer)
    verbs.hide(work, about_id)
    hiding = work.add(
        Hiding(
            id=new_id(), about_type=about.value, about_id=about_id, reason=reason, hidden_by=officer_id,
            hidden_at=work.now,
        )
    )  # fmt: skip
    _settle(work, about, about_id, ReportStatus.HIDDEN)
    return hiding


def hide_reported(work: UnitOfWork, *, report_id: UUID, reason: str) -> Hiding:
    """Hide what was reported.

    Raises what `hide_thing` does, and Conflict (report.settled).
    """
    report = queries.report_seen_by(work, report_id, lock=True)
    work.require(policy.may_tend_reports(work.actor))
    if report.status != ReportStatus.WAITING:
        raise Conflict("report.settled", Words(_("Somebody has looked at this report already.")))
    return hide_thing(work, about=Reported(report.about_type), about_id=report.about_id, reason=reason)


def restore_thing(work: UnitOfWork, *, hiding_id: UUID, reason: str) -> Hiding:
    """Bring something back that was hidden, with a reason.

    Raises NotFound, NotAllowed, RuleBroken (moderation.reason_…), Conflict (moderation.not_hidden).
    """
    hiding = queries.hiding_seen_by(work, hiding_id)
    work.require(policy.may_tend_reports(work.actor))
    rules.check_reason(reason)
    if hiding.restored_at is not None:
        raise not_hidden()
    _VERBS[Reported(hiding.about_type)].restore(work, hiding.about_id)
    hiding.restored_at, hiding.restored_by, hiding.restore_reason = work.now, work.actor.officer_id, reason
    return hiding

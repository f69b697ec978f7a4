"""Rules of projects, needs and updates: pure, as frozen values and functions."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pipeline.documents.markdown import LONGEST_TEXT, NOTHING_WRITTEN, Written
from pipeline.kernel.effort import MOST_HALF_DAYS, days
from pipeline.kernel.errors import Problem, length_problems, refuse_if_any
from pipeline.kernel.ids import id_from
from pipeline.kernel.money import MOST_PENCE, pounds
from pipeline.kernel.text import slug_from
from pipeline.kernel.translation import LANGUAGES
from pipeline.kernel.words import Words, _, day_words
from pipeline.kernel.working_days import after_working_days
from pipeline.projects.vocabulary import PHASE_BY_VALUE, PROFESSION_BY_VALUE, THEME_BY_VALUE


class ProjectStatus(StrEnum):
    """Where the call for support stands."""

    DRAFT = "draft"
    OPEN = "open"
    GOING_AHEAD = "going_ahead"
    FINISHED = "finished"
    STOPPED = "stopped"
    LAPSED = "lapsed"


CLOSES_SOON = timedelta(days=45)
"""A project that decides within this time closes soon: pages say so, with its day."""


class Mode(StrEnum):
    """Whether nobody is bound until enough others are, or pledges are taken one by one."""

    ALL_OR_NOTHING = "all_or_nothing"
    FLEXIBLE = "flexible"


class NeedKind(StrEnum):
    """What a need asks for; each has its unit, and units are never mixed."""

    TIME = "time"
    FUNDING = "funding"
    IN_KIND = "in_kind"


UNITS = {NeedKind.TIME: "half_days", NeedKind.FUNDING: "pence", NeedKind.IN_KIND: "quantity"}


class NeedStatus(StrEnum):
    """Open takes pledges; closed takes no more; dropped is no longer wanted."""

    OPEN = "open"
    CLOSED = "closed"
    DROPPED = "dropped"


class PersonRole(StrEnum):
    """Leads publish, answer and decide; the team writes drafts."""

    LEAD = "lead"
    TEAM = "team"


class UpdateStatus(StrEnum):
    """Where an update stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"
    """By a coordinator, who can restore it."""


class CheckAnswer(StrEnum):
    """What a colleague says of a draft."""

    FINE = "fine"
    CHANGES = "changes"


LONGEST_TITLE = 120
LONGEST_SUMMARY = 300
LONGEST_THING = 80
LONGEST_DESCRIPTION = 1_000
LONGEST_NOTE = 1_000
MOST_THEMES = 5
MOST_NEEDS = 30
MOST_TEAM = 60
MOST_COUNCILS_ASKED = 400
MOST_THINGS = 1_000_000
FIRST_YEAR = 1990
WORKING_DAYS_TO_DECISION = 10
MONTHS_TO_DECISION = 12
LONGEST_SLUG = 80
TRIAL_KEPT = timedelta(days=90)
"""So long after its last use a trial project is deleted."""
RESERVED_SLUGS = frozenset({"new"})
"""Words that follow /projects/ in an address of their own."""

MOST_OF = {NeedKind.TIME: MOST_HALF_DAYS, NeedKind.FUNDING: MOST_PENCE, NeedKind.IN_KIND: MOST_THINGS}
TAKES_NEEDS = frozenset({ProjectStatus.DRAFT, ProjectStatus.OPEN, ProjectStatus.GOING_AHEAD})
"""The statuses in which a project asks for something. The rest are ends."""


@dataclass(frozen=True, slots=True)
class ProjectDetails:
    """What a project says of itself. In a draft anything but the title may still be missing."""

    title: str
    summary: str = ""
    problem: Written = NOTHING_WRITTEN
    themes: tuple[str, ...] = ()
    phase: str | None = None
    mode: Mode = Mode.ALL_OR_NOTHING
    decision_on: date | None = None
    least_councils: int = 0
    is_under_way: bool = False
    is_past: bool = False
    year_ended: int | None = None
    outcome: Written = NOTHING_WRITTEN
    language: str = "en"


@dataclass(frozen=True, slots=True)
class NeedTerms:
    """What a need asks for: `target` in half-days, pence or a number of things, as its kind says."""

    kind: NeedKind
    title: str
    target: int
    is_essential: bool
    is_capped: bool
    profession: str | None = None
    thing: str | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Publishing:
    """What is looked at when a draft is published, on a day, by a council of a nation."""

    details: ProjectDetails
    needs: tuple[NeedTerms, ...]
    has_lead: bool
    today: date
    nation: str


def check_title(title: str) -> None:
    """A project has a title, of one line. Raises RuleBroken (project.title_missing, project.title_too_long)."""
    refuse_if_any(_line_problems("project", "title", title, LONGEST_TITLE))


def check_details(details: ProjectDetails, today: date) -> None:
    """What is written fits, and words of a vocabulary are words of ours. A draft may leave out all but the title.

    Raises RuleBroken with every problem (project.*).
    """
    problems = _line_problems("project", "title", details.title, LONGEST_TITLE)
    problems += length_problems("project", "summary", details.summary, LONGEST_SUMMARY)
    problems += length_problems("project", "problem", details.problem.text, LONGEST_TEXT)
    problems += length_problems("project", "outcome", details.outcome.text, LONGEST_TEXT)
    if len(details.themes) > MOST_THEMES:
        problems.append(
            _problem("project.too_many_themes", _("Choose at most {most} themes"), "themes", most=MOST_THEMES)
        )
    if not set(details.themes) <= THEME_BY_VALUE.keys():
        problems.append(_problem("project.theme_unknown", _("Choose themes from the list"), "themes"))
    if details.phase is not None and details.phase not in PHASE_BY_VALUE:
        problems.append(_problem("project.phase_unknown", _("Choose a phase from the list"), "phase"))
    if details.language not in LANGUAGES:
        problems.append(_problem("project.language_unknown", _("Choose English or Welsh"), "language"))
    if not 0 <= details.least_councils <= MOST_COUNCILS_ASKED:
        words = _("Ask for between 0 and {most} councils")
        problems.append(_problem("project.councils_out_of_range", words, "least_councils", most=MOST_COUNCILS_ASKED))
    if details.year_ended is not None and not FIRST_YEAR <= details.year_ended <= today.year:
        words = _("Give a year from {first} to {last}")
        problems.append(_problem("project.year_out_of_range", words, "year_ended", first=FIRST_YEAR, last=today.year))
    if details.is_past and details.is_under_way:
        words = _("Choose one: the work has ended, or it is under way")
        problems.append(_problem("project.past_and_under_way", words, "is_under_way"))
    refuse_if_any(problems)


def status_on_publishing(details: ProjectDetails, *, has_needs: bool) -> ProjectStatus:
    """Publishing leads to *open* if the project asks for something; to *going ahead* if it asks for nothing or is
    already under way; to *finished* if it records past work."""
    if details.is_past:
        return ProjectStatus.FINISHED
    return ProjectStatus.GOING_AHEAD if details.is_under_way or not has_needs else ProjectStatus.OPEN


def decision_window(today: date, nation: str) -> tuple[date, date]:
    """The first and last decision date of a project published today: 10 working days to 12 months later."""
    first = after_working_days(today, WORKING_DAYS_TO_DECISION, nation)
    return first, months_after(today, MONTHS_TO_DECISION)


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def check_publishable(publishing: Publishing) -> None:
    """A project is published with a title, summary, the problem, a lead of the lead council, a theme and a phase.

    One that is open and all or nothing has a decision date and something for its test to look at. One that records
    past work says when it ended and what came of it, and asks for nothing. Raises RuleBroken with every problem.
    """
    problems = publishing_problems(publishing)
    refuse_if_any(problems)


def publishing_problems(publishing: Publishing) -> list[Problem]:
    """What still stands between a draft and its publication; nothing when it is ready."""
    details, problems = publishing.details, _missing(publishing.details)
    if not publishing.has_lead:
        problems.append(_problem("project.leads_missing", _("Name a lead who works for the lead council"), "leads"))
    if not details.phase:
        problems.append(_problem("project.phase_missing", _("Choose the phase the work is in"), "phase"))
    status = status_on_publishing(details, has_needs=bool(publishing.needs))
    if status is ProjectStatus.FINISHED:
        problems += _past_problems(publishing)
    elif status is ProjectStatus.OPEN and details.mode is Mode.ALL_OR_NOTHING:
        problems += _decision_problems(publishing)
    return problems


def check_text_whole(details: ProjectDetails, *, is_recorded: bool) -> None:
    """An edit never takes from a published project what publishing it asked for.

    Of work recorded from public sources less is known, so less is asked. Raises RuleBroken (project.*_missing).
    """
    if not is_recorded:
        refuse_if_any(_missing(details) + (_missing_of_past(details) if details.is_past else []))


def check_past_project(details: ProjectDetails, sources: tuple[str, ...], today: date) -> None:
    """Past work recorded from public sources has a title, a summary, a theme and the pages that say so; the rest may be
    unknown.

    Raises RuleBroken (project.*).
    """
    check_details(details, today)
    problems = [one for one in _missing(details) if one.field != "problem"]
    if not sources or not all(source.startswith(("https://", "http://")) for source in sources):
        words = _("Give the address of at least one public page that says so")
        problems.append(_problem("project.sources_missing", words, "sources"))
    refuse_if_any(problems)


def _missing(details: ProjectDetails) -> list[Problem]:
    wanted: tuple[tuple[object, str, str], ...] = (
        (details.title, "title", _("Give the project a title")),
        (details.summary, "summary", _("Say in a sentence or two what the project is")),
        (details.problem.text, "problem", _("Describe the problem")),
        (details.themes, "themes", _("Choose at least one theme")),
    )
    return [_problem(f"project.{field}_missing", words, field) for value, field, words in wanted if not value]


def _missing_of_past(details: ProjectDetails) -> list[Problem]:
    problems = []
    if details.year_ended is None:
        problems.append(_problem("project.year_ended_missing", _("Say in which year the work ended"), "year_ended"))
    if not details.outcome.text:
        problems.append(_problem("project.outcome_missing", _("Say what came of it"), "outcome"))
    return problems


def _past_problems(publishing: Publishing) -> list[Problem]:
    problems = _missing_of_past(publishing.details)
    if publishing.needs:
        words = _("Work that has ended asks for nothing: remove the needs, or say that it is still to come")
        problems.append(_problem("project.past_asks", words, "needs"))
    return problems


def _decision_problems(publishing: Publishing) -> list[Problem]:
    details, problems = publishing.details, []
    first, last = decision_window(publishing.today, publishing.nation)
    if details.decision_on is None:
        problems.append(
            _problem("project.decision_on_missing", _("Give the date by which it is decided"), "decision_on")
        )
    elif not first <= details.decision_on <= last:
        words = _("The decision date must be from {first} to {last}: 10 working days to 12 months from today")
        problems.append(
            _problem(
                "project.decision_on_out_of_range", words, "decision_on", first=day_words(first), last=day_words(last)
            )
        )
    if details.least_councils < 1 and not any(need.is_essential for need in publishing.needs):
        words = _(
            "Mark at least one need as essential, or ask for at least one other council: "
            "otherwise nothing decides whether it goes ahead"
        )
        problems.append(_problem("project.nothing_to_test", words, "least_councils"))
    return problems


def check_need(terms: NeedTerms) -> None:
    """A need asks for at least one unit of its kind: time of a profession, pounds, or a number of a thing.

    Raises RuleBroken with every problem (need.*).
    """
    problems = _line_problems("need", "title", terms.title, LONGEST_TITLE)
    problems += length_problems("need", "description", terms.description, LONGEST_DESCRIPTION)
    if terms.kind is NeedKind.TIME and terms.profession not in PROFESSION_BY_VALUE:
        problems.append(_problem("need.profession_missing", _("Choose whose time you need"), "profession"))
    if terms.kind is NeedKind.IN_KIND:
        problems += _line_problems("need", "thing", terms.thing or "", LONGEST_THING)
    problems += _target_problems(terms)
    refuse_if_any(problems)


def _target_problems(terms: NeedTerms) -> list[Problem]:
    if 1 <= terms.target <= MOST_OF[terms.kind]:
        return []
    sentences = {
        NeedKind.TIME: _("Ask for at least half a day, and at most {most} days"),
        NeedKind.FUNDING: _("Ask for at least a penny, and at most {most}"),
        NeedKind.IN_KIND: _("Ask for at least 1, and at most {most}"),
    }
    most = {
        NeedKind.TIME: days(MOST_HALF_DAYS),
        NeedKind.FUNDING: pounds(MOST_PENCE),
        NeedKind.IN_KIND: f"{MOST_THINGS:,}",
    }
    return [_problem("need.target_out_of_range", sentences[terms.kind], "target", most=most[terms.kind])]


def check_need_change(old: NeedTerms, new: NeedTerms, held: int) -> None:
    """Kind and profession never change; a capped need is never lowered below what is held, in the need's unit.

    Whether it changes the terms councils pledged on is for `terms.py`. Raises RuleBroken (need.*).
    """
    problems = []
    if (new.kind, new.profession) != (old.kind, old.profession):
        words = _("What kind of need it is cannot change. Add another need instead")
        problems.append(_problem("need.kind_fixed", words, "kind"))
    if held and new.is_capped and new.target < held:
        words = _("Pledges already hold more than that: ask for at least what they hold")
        problems.append(_problem("need.below_held", words, "target"))
    refuse_if_any(problems)


def check_update(title: str, body: Written, *, is_published: bool) -> None:
    """An update has a title; once published it has a text as well. Raises RuleBroken (update.*)."""
    problems = _line_problems("update", "title", title, LONGEST_TITLE)
    problems += length_problems("update", "body", body.text, LONGEST_TEXT)
    if is_published and not body.text:
        problems.append(_problem("update.body_missing", _("Write the update"), "body"))
    refuse_if_any(problems)


def check_note(note: str, answer: CheckAnswer) -> None:
    """Who asks for changes says which. Raises RuleBroken (check.*)."""
    problems = length_problems("check", "note", note, LONGEST_NOTE)
    if answer is CheckAnswer.CHANGES and not note:
        problems.append(_problem("check.note_missing", _("Say what should change"), "note"))
    refuse_if_any(problems)


def slug_base(title: str) -> str:
    """The part of a project's address made from its title, with room for a number after it."""
    slug = slug_from(title, LONGEST_SLUG - 8)
    return f"project-{slug}" if slug in RESERVED_SLUGS or id_from(slug) else slug


def _problem(code: str, sentence: str, field: str, **values: object) -> Problem:
    return Problem(code, Words(sentence, **values), field)


def _line_problems(noun: str, field: str, text: str, most: int) -> list[Problem]:
    missing = {
        "title": _("Give it a title"),
        "thing": _("Say what it is, for example a meeting room or a test group"),
    }
    if not text:
        return [_problem(f"{noun}.{field}_missing", missing[field], field)]
    return length_problems(noun, field, text, most)

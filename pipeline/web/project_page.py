"""What a project's page says, made ready in the reader's language: the template only loops."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request, url_for

from pipeline.db.work import Reading
from pipeline.http.language import current_language, gettext, say
from pipeline.kernel.words import Words, _, day_words, pair
from pipeline.pledges.messages import amount_words
from pipeline.pledges.queries import PledgeShown
from pipeline.projects import policy
from pipeline.projects.freshness import Freshness
from pipeline.projects.freshness_messages import FRESHNESS_NAMES, FRESHNESS_SENTENCES, FROZEN
from pipeline.projects.interested import OwnPart
from pipeline.projects.messages import INTEREST_NAMES, STATUS_NAMES, answers_words
from pipeline.projects.page import InterestedCouncil, NeedOnPage, PersonOnPage, ProjectPage
from pipeline.projects.policy import ProjectFacts
from pipeline.projects.rules import Mode, NeedKind, NeedStatus, PersonRole, ProjectStatus
from pipeline.projects.taking_part import InterestKind
from pipeline.projects.vocabulary import PHASE_BY_VALUE, PROFESSION_BY_VALUE, THEME_BY_VALUE
from pipeline.web.outside import linked_data
from pipeline.web.rendering import uk_date

TAKES_PLEDGES = (ProjectStatus.OPEN, ProjectStatus.GOING_AHEAD)
PLEDGE_BUTTONS = {
    NeedKind.TIME: _("Pledge officer time"),
    NeedKind.FUNDING: _("Pledge funding"),
    NeedKind.IN_KIND: _("Offer this"),
}


NOTHING: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class NeedShown:
    """A need in words and percentages."""

    id: str
    title: str
    description: str
    about: str
    is_essential: bool
    counts_percent: float
    covered_percent: float
    pledged: str
    more: str
    button: str | None


def tags_of(page: ProjectPage) -> list[tuple[str, str]]:
    """Status, phase and markings, as (kind of tag, words)."""
    language = current_language()
    tags = [] if page.keeps_documents else [(page.status.value.replace("_", "-"), say(STATUS_NAMES[page.status]))]
    if page.phase in PHASE_BY_VALUE:
        tags.append(("phase", PHASE_BY_VALUE[page.phase].in_language(language)))
    is_silent = page.status in TAKES_PLEDGES and page.freshness is not Freshness.FRESH
    markings = (
        (is_silent, page.freshness.value.replace("_", "-"), FRESHNESS_NAMES[page.freshness].sentence),
        (page.is_trial, "trial", _("Trial project")),
        (page.is_made_up, "made-up", _("Made up")),
        (page.is_hidden, "stopped", _("Hidden")),
        (page.is_recorded, "", _("Recorded from public sources")),
    )
    return tags + [(kind, gettext(words)) for holds, kind, words in markings if holds]


def freshness_shown(page: ProjectPage) -> list[str]:
    """What a running project says of its leads: that they are silent, or when they were last heard from."""
    if page.status not in TAKES_PLEDGES or page.keeps_documents or page.is_trial:
        return []
    lines = [say(FROZEN)] if page.is_frozen else []
    if page.freshness in FRESHNESS_SENTENCES and not page.is_frozen:
        lines.append(say(FRESHNESS_SENTENCES[page.freshness]))
    if page.last_sign_of_life_at is not None:
        lines.append(gettext(_("The leads were last here on %(day)s.")) % {"day": uk_date(page.last_sign_of_life_at)})
    return lines


def themes_of(page: ProjectPage) -> list[tuple[str, str]]:
    """The project's themes, as (value, words)."""
    language = current_language()
    return [(theme, THEME_BY_VALUE[theme].in_language(language)) for theme in page.themes if theme in THEME_BY_VALUE]


def needs_shown(page: ProjectPage, waiting: Mapping[str, int] = NOTHING) -> list[NeedShown]:
    """The needs with how far each has come, drawn and told. `waiting` is what authorised pledges that do not count hold
    of each, by the need's id."""
    takes_pledges = page.status in TAKES_PLEDGES and not page.is_hidden and not page.is_waiting
    return [_need_shown(need, takes_pledges, waiting.get(need.id, 0)) for need in page.needs]


def _need_shown(need: NeedOnPage, takes_pledges: bool, waiting: int) -> NeedShown:
    counts = min(100 * need.pledged / need.target, 100)
    waits = min(100 * (need.held - need.pledged) / need.target, 100 - counts)
    is_open = takes_pledges and need.status is NeedStatus.OPEN and not (need.is_capped and need.room == 0)
    return NeedShown(
        id=need.id, title=need.title, description=need.description, about=say(_about(need)),
        is_essential=need.is_essential, counts_percent=round(counts, 2), covered_percent=round(counts + waits, 2),
        pledged=_sentence(say(_pledged(need))), more=" ".join(say(words) for words in _more(need, waiting)),
        button=gettext(PLEDGE_BUTTONS[need.kind]) if is_open else None,
    )  # fmt: skip


def _sentence(text: str) -> str:
    """With a capital: amounts in words ("half a day") may begin one."""
    return text[:1].upper() + text[1:]


def _sentence_of(words: Words) -> str:
    return _sentence(say(words))


def _amount(need: NeedOnPage, number: int) -> Words:
    return amount_words(need.kind, number, need.thing or "")


def _about(need: NeedOnPage) -> Words:
    target = _amount(need, need.target)
    if need.kind is NeedKind.TIME and need.profession in PROFESSION_BY_VALUE:
        profession = PROFESSION_BY_VALUE[need.profession].in_language(current_language())
        return Words("{profession}, {target}", profession=profession, target=target)
    if need.kind is NeedKind.FUNDING:
        return Words(_("Funding, {target}"), target=target)
    return target


def _pledged(need: NeedOnPage) -> Words:
    pledged = need.pledged
    if not pledged:
        return Words(_("Nothing pledged yet of {target}."), target=_amount(need, need.target))
    return Words(_("{pledged} pledged of {target}."), pledged=_amount(need, pledged), target=_amount(need, need.target))


def _more(need: NeedOnPage, waiting: int) -> Iterable[Words]:
    waits = min(waiting, need.held - need.pledged)
    unsigned = need.held - need.pledged - waits
    agreed = need.agreed
    if unsigned > 0:
        yield Words(_("Offers that are not yet authorised hold {amount} more."), amount=_amount(need, unsigned))
    if waits > 0:
        yield Words(_("Pledges that wait for others hold {amount} more."), amount=_amount(need, waits))
    if agreed > 0:
        yield Words(_("The leads have agreed to {amount}."), amount=_amount(need, agreed))
    if need.committed > 0:
        yield Words(_("{amount} of it is committed."), amount=_sentence_of(_amount(need, need.committed)))
    if agreed >= need.target:
        yield Words(_("This need is met."))
    if need.status is not NeedStatus.OPEN:
        yield Words(_("It takes no more pledges."))
    elif need.is_capped:
        room = need.room
        yield (
            Words(_("No more than that is wanted, and {amount} is still free."), amount=_amount(need, room))
            if room
            else Words(_("There is no room left."))
        )


def turning_point(page: ProjectPage) -> str | None:
    """The sentence on which an open, all-or-nothing project turns."""
    if page.status not in (ProjectStatus.OPEN, ProjectStatus.DRAFT) or page.mode != Mode.ALL_OR_NOTHING:
        return None
    number, essential = page.least_councils, any(need.is_essential for need in page.needs)
    if page.decision_on is None or not (number or essential):
        return None
    day = day_in(page.decision_on)
    councils = Words(_("at least {n} other council is in"), _("at least {n} other councils are in"), n=number)
    if essential and number:
        sentence = _("It goes ahead if everything essential is agreed and {councils}, by {day}.")
    elif essential:
        sentence = _("It goes ahead if everything essential is agreed, by {day}.")
    else:
        sentence = _("It goes ahead if {councils}, by {day}.")
    return say(Words(sentence, councils=councils, day=day_words(day) if day else ""))


def day_in(value: Any) -> date | None:
    """A date as the driver gives it: a date, or its text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class CouncilIn:
    """A council that is in, and what it pledged, as (address of the pledge, words)."""

    slug: str
    name: str
    pledges: list[tuple[str, str]]


def who_is_in(page: ProjectPage, pledges: list[PledgeShown]) -> list[CouncilIn]:
    """The councils with pledges on the page, in the order they came, then recorded partners and the team's councils."""
    things = {need.id: need.thing or "" for need in page.needs}
    found: dict[str, CouncilIn] = {}
    for pledge in pledges:
        words = say(amount_words(NeedKind(pledge.kind), pledge.amount, things.get(pledge.need_id, "")))
        if pledge.is_unsigned:
            words = gettext(_("{amount}, not yet authorised")).format(amount=words)
        elif pledge.is_waiting:
            words = gettext(_("{amount}, waits for others")).format(amount=words)
        council = found.setdefault(pledge.council_slug, CouncilIn(pledge.council_slug, pledge.council_name, []))
        council.pledges.append((pledge.id, words))
    for partner in page.partners:
        found.setdefault(partner.slug, CouncilIn(partner.slug, partner.name, []))
    return list(found.values())


def linked_data_of(page: ProjectPage, themes: list[tuple[str, str]], councils: list[CouncilIn]) -> Any:
    """What other programs are told of a public project. `councils` are those that everybody sees in it."""
    if not page.is_public:
        return None
    others = [one for one in councils if one.slug != page.council_slug]
    way = [("/projects", gettext(_("Projects"))), (f"/projects/{page.address}", page.title)]
    return linked_data.page_of(linked_data.of_project(page, themes, others), way=way)


def interest_in(page: ProjectPage) -> list[tuple[str, list[InterestedCouncil]]]:
    """The interest in a project, as (how many councils, those of them that are named)."""
    numbers = (
        (
            InterestKind.PROBLEM_TOO,
            page.problem_too_councils,
            pair("{n} council has this problem too", "{n} councils have this problem too"),
        ),
        (
            InterestKind.CONVERSATION,
            page.conversation_councils,
            pair("{n} council is open to a conversation", "{n} councils are open to a conversation"),
        ),
    )
    return [
        (say(Words(*words, n=number)), [council for council in page.interested if council.kind == kind])
        for kind, number, words in numbers
        if number
    ]


def more_about_interest(page: ProjectPage) -> list[str]:
    """How many officers follow, and how soon the leads usually answer."""
    lines = []
    if page.followers:
        words = Words(_("{n} officer follows this project."), _("{n} officers follow this project."), n=page.followers)
        lines.append(say(words))
    if page.answers_in_days is not None:
        lines.append(say(answers_words(page.answers_in_days)))
    return lines


def ways_to_take_part(reading: Reading, page: ProjectPage, facts: ProjectFacts, own: OwnPart) -> list[tuple[str, str]]:
    """What somebody can do besides pledging, as (address, words). Without an account the same, by way of signing in."""
    if page.status is ProjectStatus.DRAFT or page.is_hidden or page.is_recorded or page.keeps_documents:
        return []
    actor, is_anonymous = reading.actor, reading.actor.is_anonymous
    root = request.script_root
    project = f"{root}/projects/{page.address}"
    ways = []
    if own.interest_id is not None:
        ways.append((f"{root}/interests/{own.interest_id}", _("The interest you have shown")))
    elif is_anonymous or policy.may_show_interest(actor, facts):
        ways += [(f"{project}/interest?kind={kind.value}", INTEREST_NAMES[kind].sentence) for kind in InterestKind]
    if own.join_request_id is not None:
        ways.append((f"{root}/join-requests/{own.join_request_id}", _("Joining the team: where it stands")))
    elif page.status in TAKES_PLEDGES and (is_anonymous or policy.may_ask_to_join(actor, facts)):
        ways.append((f"{project}/join", _("Ask to join the team")))
    if is_anonymous:
        ways.append((f"{project}/follow", _("Follow this project")))
    return [(address, gettext(words)) for address, words in ways]


def leads_of(page: ProjectPage) -> list[str]:
    """The leads as the public reads them: by name and job title, or as a project lead of their council."""
    lines: list[str] = []
    unnamed: dict[str, int] = defaultdict(int)
    for person in page.people:
        if person.role is not PersonRole.LEAD:
            continue
        if person.display_name:
            lines.append(_named(person))
        else:
            unnamed[person.council_name] += 1
    for council, number in unnamed.items():
        words = Words(_("A project lead, {council}"), _("{n} project leads, {council}"), n=number, council=council)
        lines.append(say(words))
    return lines


def _named(person: PersonOnPage) -> str:
    return ", ".join(part for part in (person.display_name, person.job_title, person.council_name) if part)


def next_steps(reading: Reading, page: ProjectPage, facts: ProjectFacts, *, is_alone: bool) -> list[tuple[str, str]]:
    """What the viewer may do here, as (address, words): the same policies decide as when it is done.

    `is_alone` while no other council is in: then a published project can still be deleted.
    """
    actor, slug = reading.actor, page.address
    is_draft = page.status is ProjectStatus.DRAFT
    if page.keeps_documents:
        is_of_team = bool(policy.may_see_team(actor, facts))
        return [(url_for("team.show_team", slug=slug), gettext(_("Leads and team")))] if is_of_team else []
    runs = page.status in TAKES_PLEDGES and not page.is_trial
    looks_for_lead = runs and page.freshness is Freshness.LOOKING_FOR_LEAD and not page.is_frozen
    takes_needs = page.status in (ProjectStatus.DRAFT, *TAKES_PLEDGES)
    may_delete = bool(policy.may_delete_project(actor, facts))
    steps: tuple[tuple[bool, str, str], ...] = (
        (
            runs and bool(policy.may_say_still_true(actor, facts)),
            "handovers.still_true",
            _("Say that it is still true"),
        ),
        (looks_for_lead and bool(policy.may_take_over(actor, facts)), "handovers.take_over", _("Take it over")),
        (not is_draft and bool(policy.may_write_update(actor, facts)), "updates.write", _("Write an update")),
        (bool(policy.may_edit_project(actor, facts)), "projects.edit", _("Edit what the page says")),
        (is_draft and bool(policy.may_edit_project(actor, facts)), "projects.edit_terms", _("Say how it is decided")),
        (takes_needs and bool(policy.may_change_needs(actor, facts)), "needs.add", _("Add a need")),
        (not is_draft and bool(policy.may_change_phase(actor, facts)), "projects.move", _("Change the phase")),
        (bool(policy.may_see_team(actor, facts)), "team.show_team", _("Leads and team")),
        (runs and bool(policy.may_hand_over(actor, facts)), "handovers.hand_over", _("Hand it over")),
        (not is_draft and facts.is_led_by(actor), "interests.list_interests", _("Interest and requests")),
        (
            page.status in TAKES_PLEDGES and facts.is_led_by(actor) and not page.is_trial,
            "spare_capacity.show_helpers",
            _("Councils that could help"),
        ),
        (
            is_draft and bool(policy.may_ask_for_check(actor, facts)),
            "checks.ask_about_project",
            _("Ask a colleague to check this"),
        ),
        (is_draft and may_delete, "projects.delete", _("Delete this draft")),
        (not is_draft and may_delete and is_alone, "projects.delete", _("Delete this project")),
    )
    return [(url_for(endpoint, slug=slug), gettext(words)) for may, endpoint, words in steps if may]


def draft_steps(page: ProjectPage, problems: Iterable[Any]) -> list[tuple[str, str, bool]]:
    """What a draft still needs before it can be published, as (address, words, is it done)."""
    missing = {problem.field for problem in problems}
    slug = page.address
    about = {"title", "summary", "problem", "themes", "phase"}
    terms = {"decision_on", "least_councils", "year_ended", "outcome"}
    return [
        (url_for("projects.edit", slug=slug), gettext(_("Describe the work")), not missing & about),
        (url_for("needs.add", slug=slug), gettext(_("Say what you need")), bool(page.needs) and "needs" not in missing),
        (url_for("projects.edit_terms", slug=slug), gettext(_("Say how it is decided")), not missing & terms),
        (url_for("team.show_team", slug=slug), gettext(_("Name the leads")), "leads" not in missing),
    ]

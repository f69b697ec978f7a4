"""What fills the demonstration obeys the rules it is meant to show, and says nothing false of a real council."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pipeline.cli.demonstration_data import document_acts, documents_kept, lessons_learned, made_up
from pipeline.cli.demonstration_data.acts import VERBS
from pipeline.cli.demonstration_data.made_up import (
    COUNCILS,
    OFFICERS,
    PROJECTS,
    WEBHOOKS,
    MadeUpAct,
    MadeUpNeed,
    MadeUpPledge,
    MadeUpProject,
)
from pipeline.cli.demonstration_data.recorded import RecordedProject, recorded_projects
from pipeline.cli.demonstration_data.shapes import days, pounds
from pipeline.councils import register
from pipeline.councils.vocabulary import KIND_BY_VALUE, REGION_BY_VALUE
from pipeline.kernel.text import addresses_in
from pipeline.pledges.rules import PledgeStatus
from pipeline.projects.rules import ProjectStatus
from pipeline.projects.vocabulary import PHASE_BY_VALUE, PROFESSION_BY_VALUE, THEME_BY_VALUE

REAL = {council.authority_code: council for council in register.rows()}
RECORDED: list[RecordedProject] = list(recorded_projects())
COUNCIL = {council.slug: council for council in COUNCILS}
OFFICER = {officer.key: officer for officer in OFFICERS}
PROJECT = {project.key: project for project in PROJECTS}
STANDING = {"offered", "authorised", "accepted", "committed"}
BOUND = {"committed", "delivered", "broken", "released"}
ONCE_AUTHORISED = {"authorised", "accepted", "declined"} | BOUND


def pledges() -> Iterator[tuple[MadeUpProject, MadeUpNeed, MadeUpPledge]]:
    """Every pledge with the need it goes to and that need's project."""
    for project in PROJECTS:
        needs = {need.key: need for need in project.needs}
        for pledge in project.pledges:
            yield project, needs[pledge.need], pledge


def by_standing_rule(pledge: MadeUpPledge) -> bool:
    """Whether nobody authorised it: its council's standing rule let it through."""
    return pledge.authorised_days_ago == pledge.offered_days_ago


def ends_with(project: MadeUpProject, pledge: MadeUpPledge) -> bool:
    """Whether it lapsed with its project, or at the project's decision date because it still waited."""
    return pledge.status == "lapsed" and (project.status in ("lapsed", "stopped") or bool(pledge.conditions))


def total(project: MadeUpProject, need: MadeUpNeed, statuses: set[str]) -> int:
    """What pledges in those states add up to, in the unit of the need."""
    return sum(pledge.amount for pledge in project.pledges if pledge.need == need.key and pledge.status in statuses)


def public_texts(project: MadeUpProject) -> str:
    """All that anybody can read of a project, besides its pledges."""
    parts = [project.title, project.summary, project.problem, project.outcome]
    parts += [need.title + " " + need.description for need in project.needs]
    parts += [update.title + " " + update.body for update in project.updates]
    return "\n".join(parts)


# Councils and officers


def test_made_up_webhooks_lead_nowhere() -> None:
    for webhook in WEBHOOKS:
        assert urlsplit(webhook.address).hostname == f"www.{OFFICER[webhook.officer].council}.example"


def test_made_up_councils_are_not_on_the_register() -> None:
    real = {text for council in REAL.values() for text in (council.slug, council.name, council.short_name)}
    for council in COUNCILS:
        assert not {council.slug, council.name, council.short_name} & real, council.slug
        assert council.domain.endswith(".example")


def test_made_up_councils_show_the_kinds_and_nations() -> None:
    for council in COUNCILS:
        assert council.kind in KIND_BY_VALUE
        assert REGION_BY_VALUE[council.region].nation == council.nation
        assert (council.name_cy is not None) == (council.nation == "Wales")
    assert {council.nation for council in COUNCILS} == {"England", "Wales", "Scotland", "Northern Ireland"}
    assert len({council.kind for council in COUNCILS}) >= 7


def test_every_officer_has_one_key_and_a_council_that_is_made_up() -> None:
    assert len(OFFICER) == len(OFFICERS)
    assert len({officer.name for officer in OFFICERS}) == len(OFFICERS)
    for officer in OFFICERS:
        assert re.fullmatch(r"[a-z]+\.[a-z]+", officer.key)
        if officer.council is None:
            assert (officer.roles, officer.address) == (("coordinator",), f"{officer.key}@pipeline.example")
        else:
            assert officer.address == f"{officer.key}@{COUNCIL[officer.council].domain}"
            assert "member" in officer.roles
            assert set(officer.roles) <= {"member", "authoriser", "council-admin"}


def test_one_can_be_the_six_people_the_demonstration_promises() -> None:
    able = [officer for officer in OFFICERS if officer.can_be]
    assert [(officer.council, officer.roles) for officer in able] == [
        ("northborough", ("member",)),
        ("northborough", ("member", "authoriser")),
        ("eastmere", ("member", "council-admin")),
        ("eastmere", ("member",)),
        ("wexcombe", ("member",)),
        (None, ("coordinator",)),
    ]
    assert all(officer.can_be_cy for officer in able)
    assert any(able[3].key in project.leads for project in PROJECTS if project.status == "open")


def test_every_council_but_wexcombe_has_an_authoriser() -> None:
    with_one = {officer.council for officer in OFFICERS if "authoriser" in officer.roles}
    assert set(COUNCIL) - with_one == {"wexcombe"}


# Projects


def test_projects_have_one_key_and_title_and_words_from_the_vocabularies() -> None:
    assert len(PROJECT) == len(PROJECTS) == len({project.title for project in PROJECTS})
    for project in PROJECTS:
        assert project.phase in PHASE_BY_VALUE
        assert project.themes
        assert set(project.themes) <= set(THEME_BY_VALUE), project.key
        assert len(project.title) <= 120
        assert len(project.summary) <= 300


def test_about_sixteen_projects_are_under_way_across_themes_and_phases() -> None:
    live = [p for p in PROJECTS if p.status in ("open", "going_ahead") and not p.is_trial]
    assert len(live) >= 16
    assert {p.phase for p in live} == {"concept", "discovery", "alpha", "beta", "live"}
    assert len({theme for p in live for theme in p.themes}) >= 18
    assert sum(p.is_trial for p in PROJECTS) == sum(p.status == "draft" for p in PROJECTS) == 1
    assert sum(p.status == "finished" for p in PROJECTS) == 4


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.key)
def test_a_project_is_complete_for_its_status(project: MadeUpProject) -> None:
    assert OFFICER[project.leads[0]].council == project.council
    assert not set(project.leads) & set(project.team)
    assert set(project.team) <= set(OFFICER)
    assert (project.published_days_ago is None) == (project.status == "draft")
    is_decided = project.mode == "all_or_nothing" and bool(project.needs) and project.status != "draft"
    assert (project.decision_in_days is not None) == is_decided
    assert bool(project.outcome) == (project.status == "finished")
    assert (project.ended_years_ago is not None) == (bool(project.outcome) and not project.needs)
    assert bool(project.needs) or project.status in ("going_ahead", "finished")
    if project.status != "draft":
        assert project.summary
        assert project.problem
    if project.decision_in_days is not None and project.published_days_ago is not None:
        assert 14 <= project.published_days_ago + project.decision_in_days <= 365
        assert (project.status == "lapsed") <= (project.decision_in_days < 0)


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.key)
def test_a_need_asks_in_the_terms_of_its_kind(project: MadeUpProject) -> None:
    assert len({need.key for need in project.needs}) == len(project.needs)
    for need in project.needs:
        assert need.kind in ("time", "funding", "in_kind")
        assert need.target >= 1
        assert (need.profession in PROFESSION_BY_VALUE) == (need.kind == "time")
        assert bool(need.thing) == (need.kind == "in_kind")
        assert len(need.title) <= 120


def test_an_update_is_by_the_team_and_no_older_than_the_project() -> None:
    for project in PROJECTS:
        for update in project.updates:
            assert update.author in (*project.leads, *project.team), project.key
            if update.published_days_ago is not None:
                assert project.published_days_ago is not None
                assert update.published_days_ago <= project.published_days_ago
                assert update.checker is None


def test_one_update_waits_for_a_colleague_to_check_it() -> None:
    waiting = [update for project in PROJECTS for update in project.updates if update.published_days_ago is None]
    assert len(waiting) == 1
    author, checker = OFFICER[waiting[0].author], OFFICER[waiting[0].checker or ""]
    assert author != checker
    assert author.council == checker.council


def test_nothing_public_names_an_officer_who_did_not_choose_it_or_holds_an_address() -> None:
    hidden = {part for o in OFFICERS if not o.is_named for part in o.name.split()}
    hidden -= {part for o in OFFICERS if o.is_named for part in o.name.split()}
    for project in PROJECTS:
        text = public_texts(project)
        assert addresses_in(text) == set(), project.key
        if not project.is_trial:
            assert not hidden & set(re.findall(r"\w+", text)), project.key


def test_no_text_about_made_up_work_names_a_real_council() -> None:
    real = {council.name for council in REAL.values()}
    for project in PROJECTS:
        text = public_texts(project) + "".join(pledge.message + (pledge.reason or "") for pledge in project.pledges)
        assert [name for name in real if name in text] == [], project.key


# Pledges


def test_there_are_pledges_in_every_state() -> None:
    states = Counter(pledge.status for _, _, pledge in pledges())
    assert set(states) == {status.value for status in PledgeStatus}


def test_there_are_projects_in_every_state_and_both_modes() -> None:
    assert {project.status for project in PROJECTS} == {status.value for status in ProjectStatus}
    asking = [project for project in PROJECTS if project.needs]
    assert {project.mode for project in asking} == {"all_or_nothing", "flexible"}
    assert [project.key for project in PROJECTS if project.continues] == ["noise-evenings"]


def test_every_verb_is_used_and_every_act_is_by_somebody_there() -> None:
    acts = [(project, one) for project in PROJECTS for one in project.acts]
    acts += [(project, one) for project, _, pledge in pledges() for one in pledge.acts]
    told_otherwise = {"name_person", "ask_for_code", "authorise_as_named", "join"}
    assert {one.verb for _, one in acts} | told_otherwise == set(VERBS)
    for project, one in acts:
        assert one.who in OFFICER, project.key
        assert 0 < one.days_ago < (project.published_days_ago or 0), project.key


def test_a_condition_names_a_need_or_an_amount_of_its_project() -> None:
    for project, _, pledge in pledges():
        for condition in pledge.conditions:
            assert (condition.need is None) or condition.need in {need.key for need in project.needs}, project.key
            assert (condition.kind == "total") == (condition.unit is not None), project.key
            assert condition.at_least >= 1 or condition.kind == "need", project.key


def test_a_pledge_names_people_of_its_council_and_terms_of_its_need() -> None:
    for project, need, pledge in pledges():
        where = f"{project.key}: {pledge.council} to {need.key}"
        assert OFFICER[pledge.officer].council == pledge.council in COUNCIL, where
        assert pledge.amount >= 1, where
        assert pledge.message, where
        assert (pledge.from_in_days is not None) == (pledge.to_in_days is not None) == (need.kind == "time"), where
        assert (pledge.spending in ("revenue", "capital")) == (need.kind == "funding"), where
        assert (pledge.worth_pence is not None) == (need.kind == "in_kind"), where
        if pledge.from_in_days is not None and pledge.to_in_days is not None:
            assert pledge.from_in_days <= pledge.to_in_days, where


def test_who_authorises_is_an_authoriser_of_that_council_who_did_not_offer_and_does_not_lead() -> None:
    for project, _, pledge in pledges():
        where = f"{project.key}: {pledge.council}"
        by_person = pledge.authorised_days_ago is not None and pledge.named is None and not by_standing_rule(pledge)
        assert (pledge.authoriser is not None) == (by_person or pledge.status == "refused"), where
        if pledge.authoriser:
            authoriser = OFFICER[pledge.authoriser]
            assert authoriser.council == pledge.council, where
            assert "authoriser" in authoriser.roles, where
            assert pledge.authoriser != pledge.officer, where
            assert pledge.authoriser not in project.leads, where


def test_who_answers_leads_the_project_and_neither_offered_nor_authorised() -> None:
    for project, _, pledge in pledges():
        where = f"{project.key}: {pledge.council}"
        assert bool(pledge.answerer) == (pledge.accepted_days_ago is not None or pledge.status == "declined"), where
        if pledge.answerer:
            assert pledge.answerer in project.leads, where
            assert pledge.answerer not in (pledge.officer, pledge.authoriser), where


def test_the_steps_of_a_pledge_come_one_after_another() -> None:
    for project, _, pledge in pledges():
        where = f"{project.key}: {pledge.council}"
        steps = [
            project.published_days_ago,
            pledge.offered_days_ago,
            pledge.authorised_days_ago,
            pledge.accepted_days_ago,
            pledge.ended_days_ago,
        ]
        taken = [step for step in steps if step is not None]
        if by_standing_rule(pledge):
            taken.remove(pledge.offered_days_ago)
        taken += [one.days_ago for one in pledge.acts]
        assert taken == sorted(set(taken), reverse=True), where
        assert (pledge.authorised_days_ago is not None) or pledge.status not in ONCE_AUTHORISED, where
        if pledge.status in {"accepted"} | BOUND:
            assert pledge.accepted_days_ago is not None, where
        is_ended_by_itself = pledge.status not in STANDING | BOUND and not ends_with(project, pledge)
        assert (pledge.ended_days_ago is not None) == is_ended_by_itself, where


def test_a_reason_is_given_where_the_rules_want_one() -> None:
    for project, _, pledge in pledges():
        wanted = pledge.status in ("declined", "refused") or (
            pledge.status == "withdrawn" and pledge.authorised_days_ago is not None
        )
        assert bool(pledge.reason) == wanted, f"{project.key}: {pledge.council}"


def test_an_offer_waits_no_longer_than_its_sign_off_date_which_is_before_the_decision() -> None:
    for project, _, pledge in pledges():
        where = f"{project.key}: {pledge.council}"
        waited_until = pledge.authorised_days_ago if pledge.authorised_days_ago is not None else pledge.ended_days_ago
        if pledge.status == "lapsed" and not ends_with(project, pledge):
            assert pledge.ended_days_ago == -pledge.sign_off_in_days, where
        elif waited_until is not None:
            assert -waited_until <= pledge.sign_off_in_days, where
        else:
            assert pledge.sign_off_in_days > 0, where
            assert project.decision_in_days is None or pledge.sign_off_in_days <= project.decision_in_days, where


def test_a_capped_need_never_holds_more_than_its_target() -> None:
    for project in PROJECTS:
        for need in project.needs:
            if need.is_capped:
                assert total(project, need, STANDING) <= need.target, f"{project.key}: {need.key}"


def test_a_capped_need_was_never_overfull_on_any_day_past() -> None:
    for project in PROJECTS:
        for need in (need for need in project.needs if need.is_capped):
            for day in range(project.published_days_ago or 0, -1, -1):
                held = sum(
                    pledge.amount
                    for pledge in project.pledges
                    if pledge.need == need.key
                    and pledge.offered_days_ago >= day
                    and (pledge.ended_days_ago is None or pledge.ended_days_ago < day)
                )
                assert held <= need.target, f"{project.key}: {need.key}, {day} days ago"


def test_a_council_has_at_most_one_unsigned_offer_in_a_capped_need() -> None:
    unsigned = Counter(
        (project.key, need.key, pledge.council)
        for project, need, pledge in pledges()
        if need.is_capped and pledge.status == "offered"
    )
    assert all(number == 1 for number in unsigned.values())


def test_a_council_pledges_to_its_own_project_only_in_a_trial() -> None:
    assert [project.key for project, _, p in pledges() if p.council == project.council and not project.is_trial] == []


def test_one_project_is_one_pledge_short() -> None:
    project = PROJECT[made_up.ONE_PLEDGE_SHORT]
    short = [n for n in project.needs if n.is_essential and total(project, n, {"accepted"}) < n.target]
    assert len(short) == 1
    missing = short[0].target - total(project, short[0], {"accepted"})
    assert missing <= max(pledge.amount for pledge in project.pledges if pledge.need == short[0].key)
    assert total(project, short[0], {"offered", "authorised"}) == 0


def test_one_capped_need_is_full() -> None:
    project_key, need_key = made_up.FULL_NEED
    project = PROJECT[project_key]
    need = next(need for need in project.needs if need.key == need_key)
    assert need.is_capped
    assert total(project, need, STANDING) == need.target


def test_offers_of_a_council_without_an_authoriser_wait_lapse_or_are_for_somebody_named_by_e_mail() -> None:
    states = {pledge.status for _, _, pledge in pledges() if pledge.council == "wexcombe" and pledge.named is None}
    assert states == {"offered", "lapsed"}
    named = {pledge.status for _, _, pledge in pledges() if pledge.council == "wexcombe" and pledge.named}
    assert named == {"offered", "authorised"}


def test_days_and_pounds_read_as_people_say_them() -> None:
    assert (days(10), days("2.5"), pounds(15_000)) == (20, 5, 1_500_000)
    with pytest.raises(ValueError, match="half-days"):
        days("0.3")


# Recorded projects


def test_there_are_58_recorded_projects_each_told_apart() -> None:
    assert len(RECORDED) == 58
    assert len({project.id for project in RECORDED}) == 58
    assert len({project.title for project in RECORDED}) == 58


def test_a_recorded_project_has_one_lead_and_partners_on_the_register() -> None:
    for project in RECORDED:
        assert project.lead in REAL, project.id
        assert set(project.partners) <= set(REAL), project.id
        assert project.lead not in project.partners, project.id
        assert len(set(project.partners)) == len(project.partners), project.id


def test_a_recorded_project_says_only_what_is_known_and_links_its_sources() -> None:
    for project in RECORDED:
        assert project.phase is None or project.phase in PHASE_BY_VALUE, project.id
        assert project.theme in THEME_BY_VALUE, project.id
        assert project.sources, project.id
        assert all(re.fullmatch(r"https?://[^\s,]+", source) for source in project.sources), project.id
        assert 40 <= len(project.summary) <= 300, project.id
        assert len(project.title) <= 120, project.id
        assert project.funding_pence is None or project.funding_pence % 100 == 0, project.id
        if project.start_month:
            assert re.fullmatch(rf"{project.year}-(0[1-9]|1[0-2])", project.start_month), project.id


def test_a_file_of_recorded_projects_with_other_columns_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "recorded_projects.csv"
    file.write_text("title\nSomething\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 1"):
        list(recorded_projects(file))


# Shared documents and lessons


def document_texts() -> dict[str, str]:
    """The text of each version, by its file."""
    return {one.stem: one.read_text(encoding="utf-8") for one in document_acts.FOLDER.glob("*.md")}


def told_of_documents() -> str:
    """All that anybody can read of documents, adoptions, answers and lessons."""
    return "\n".join([*document_texts().values(), *(str(dict(one.values)) for one in made_up.DOCUMENT_ACTS)])


def test_every_act_on_documents_and_lessons_is_by_an_officer_and_of_a_known_verb() -> None:
    assert {one.verb for one in made_up.DOCUMENT_ACTS} == set(document_acts.VERBS)
    for one in made_up.DOCUMENT_ACTS:
        assert one.who in OFFICER, one
        assert OFFICER[one.who].council is not None, one


@pytest.mark.parametrize("acts", [documents_kept.POLICY, documents_kept.SPEAKING, documents_kept.STANDARD])
def test_the_acts_on_a_document_stand_in_order_of_time(acts: tuple[MadeUpAct, ...]) -> None:
    days_ago = [one.days_ago for one in acts]
    assert days_ago == sorted(days_ago, reverse=True)


def test_every_text_is_used_once_and_every_document_is_begun() -> None:
    used = [one.values["text"] for one in documents_kept.ACTS if one.values.get("text")]
    assert sorted(used) == sorted(document_texts())
    begun = {one.values["document"] for one in documents_kept.ACTS if one.verb == "begin"}
    copied = {one.values["copy"] for one in documents_kept.ACTS if one.verb == "adapt"}
    assert begun | copied == made_up.TITLES.keys()


def test_the_policy_is_long_enough_to_be_real_and_short_enough_to_be_read() -> None:
    for name, text in document_texts().items():
        if name.startswith("social-media-policy"):
            assert 900 <= len(text.split()) <= 1_700, name
    standard = document_texts()["digital-service-standard-1"]
    assert len(re.findall(r"(?m)^## \d+\. ", standard)) == 15
    assert "https://localgov.digital/service-standard" in standard


def test_every_version_says_what_changed() -> None:
    notes = [one.values["note"] for one in documents_kept.ACTS if one.verb == "publish"]
    assert all(notes)
    assert {bool(one.values.get("is_major")) for one in documents_kept.ACTS if one.verb == "publish"} == {True, False}


def test_lessons_have_titles_of_their_own_and_words_from_the_vocabularies() -> None:
    lessons = [one.values for one in lessons_learned.ACTS if one.verb == "learn"]
    titles = [one["title"] for one in lessons]
    assert len(set(titles)) == len(titles) == 12
    for one in lessons:
        assert set(one["themes"]) <= THEME_BY_VALUE.keys(), one["title"]
        assert all(len(one[prompt].split()) >= 15 for prompt in ("did", "happened", "differently")), one["title"]
        assert one.get("project") is None or one["project"] in PROJECT, one["title"]
    assert {one.values["lesson"] for one in lessons_learned.ACTS if one.verb != "learn"} <= set(titles)


def test_documents_and_lessons_name_no_real_council_and_hold_no_address() -> None:
    text = told_of_documents()
    assert not addresses_in(text)
    real = {council.name for council in REAL.values()}
    assert not [name for name in real if re.search(rf"\b{re.escape(name)}\b", text)]

"""The file of one's own data holds what every table that names an officer says of them."""

from typing import Any

import pytest
from sqlalchemy import Table

from pipeline.accounts.queries import account
from pipeline.artefacts import own_data as of_documents
from pipeline.comments import own_data as of_comments
from pipeline.contact import own_data as of_contact
from pipeline.db.base import Base
from pipeline.imports import own_data as of_imports
from pipeline.introductions import own_data as of_introductions
from pipeline.lessons import own_data as of_lessons
from pipeline.measures import own_data as of_measures
from pipeline.moderation import own_data as of_moderation
from pipeline.notifications import own_data as of_notices
from pipeline.pledges import own_data as of_pledges
from pipeline.projects import own_data as of_projects
from pipeline.similarity import own_data as of_similar_work
from pipeline.spare_capacity import own_data as of_spare_capacity
from pipeline.webhooks import own_data as of_webhooks
from tests.factories import Factory

ELSEWHERE = {
    "event.officer_id", "outbox.officer_id", "one_time_link.officer_id", "security_event.officer_id",
    "api_token.officer_id", "membership.officer_id", "platform_role.officer_id", "saved_draft.officer_id",
    "session.officer_id", "follow.officer_id", "authorisation.officer_id", "upload.officer_id",
}  # fmt: skip
"""Given by accounts (places, roles, sessions, what you did), or sent to oneself and forgotten within the month."""

ACTS_ON_OTHERS = {
    "council_authority.given_by", "membership.let_in_by", "platform_role.given_by", "membership_role.given_by",
    "authority_limit.given_by", "draft_check.asked_by", "interest.answered_by", "join_request.asked_by",
    "join_request.answered_by", "not_come.answered_by", "adoption_move.officer_id", "artefact_draft.saved_by",
    "handover.council_agreed_by", "handover.ended_by", "hiding.restored_by", "report.settled_by",
    "introduction.outcome_by",
}  # fmt: skip
"""Told among what you did, from the event log."""


def columns() -> set[str]:
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if names_an_officer(table, column.name)
    }


def names_an_officer(table: Table, column: str) -> bool:
    by_key = any(key.column.table.name == "officer" for key in table.columns[column].foreign_keys)
    return column == "officer_id" or by_key


@pytest.mark.pure
def test_every_column_that_names_an_officer_is_in_the_file_or_known_not_to_be() -> None:
    given = {
        f"{owner.class_.__tablename__}.{owner.key}"
        for own in (
            of_projects._OWN,
            of_pledges._OWN,
            of_documents._OWN,
            of_lessons._OWN,
            of_introductions._OWN,
            of_similar_work._OWN,
            of_spare_capacity._OWN,
            of_imports._OWN,
            of_webhooks._OWN,
            of_notices._OWN,
            of_comments._OWN,
            of_measures._OWN,
            of_moderation._OWN,
            of_contact._OWN,
        )
        for owner, _columns in own.values()
    }
    assert columns() - given - ELSEWHERE - ACTS_ON_OTHERS == set()
    assert account.data_of is not None


@pytest.mark.database
def test_the_file_holds_what_one_did_in_projects_and_for_pledges(make: Factory, client: Any) -> None:
    council, other = make.council("Camden"), make.council("Leeds")
    lead, officer = make.officer(council), make.officer(other)
    project = make.project(council, lead, title="Shared repairs form")
    make.pledge(make.need(project), other, officer, message="We have two researchers")
    make.signed_in(client, officer, other)

    data = client.get("/account/data").json

    assert data["pledges_offered"][0]["message"] == "We have two researchers"
    assert data["pledges_offered"][0]["project"] == "Shared repairs form"
    assert data["projects"] == []
    assert data["account"]["address"] == officer.address

"""What pledges keep of who offered and who agreed, so that both are known again after they were erased or changed their
address. The layer below knows nothing of pledges: it calls who has signed up there."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from pipeline.accounts.actions.persons import KEPT_ELSEWHERE
from pipeline.accounts.queries.persons import PersonKeys
from pipeline.pledges.models import Authorisation, AuthorisationRequest, Pledge

KEYS = (
    Pledge.person_key, Authorisation.person_key, AuthorisationRequest.person_key, AuthorisationRequest.asker_key,
)  # fmt: skip


def follow_keys(session: Session, keys: PersonKeys) -> None:
    """Keep under a person's key what is kept under the others of theirs."""
    for column in KEYS:
        session.execute(
            update(column.class_).where(column.in_(keys.others)).values({column.key: keys.key}),
            execution_options={"synchronize_session": False},
        )


KEPT_ELSEWHERE.append(follow_keys)

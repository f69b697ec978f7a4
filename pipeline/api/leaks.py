"""Scanners of leaked secrets report tokens they found where others can read them: what is one of ours ends at once.

Anybody may report without a token: whoever has found one could use it, so ending it protects its owner. What is
answered never says whether anybody had the token. The body is the one GitHub's secret scanning sends to its partners.
"""

from typing import Any

import marshmallow as ma
from flask import Response, current_app, request

from pipeline.accounts import actions
from pipeline.accounts.tokens import LONGEST_TOKEN, PREFIX, is_token
from pipeline.api.base import NOT_KEPT, answer, thing_schema
from pipeline.api.own import blueprint
from pipeline.db.work import unit_of_work
from pipeline.http.entry import anyone, with_scope
from pipeline.http.reading import end_read
from pipeline.kernel.actor import ANONYMOUS

LONGEST_REPORTED = 500


class LeakBody(ma.Schema):
    """Something that looks like a token. Other members, such as where it was found, are neither read nor kept."""

    class Meta:
        unknown = ma.EXCLUDE

    token = ma.fields.String(
        required=True,
        validate=ma.validate.Length(1, LONGEST_REPORTED),
        metadata={"example": PREFIX + "x" * (LONGEST_TOKEN - len(PREFIX))},
    )


class ReportSchema(ma.Schema):
    """That a report was taken, and nothing about what was in it."""

    received = ma.fields.Integer(required=True, metadata={"description": "How many were reported", "example": 1})


@blueprint.route("/tokens/leaked", methods=["POST"])
@anyone
@with_scope(None)
@blueprint.arguments(LeakBody(many=True), location="json")
@blueprint.response(200, thing_schema(ReportSchema))
def report_leaked_tokens(body: list[dict[str, Any]]) -> Response:
    """Report tokens that were found in public: each that works is ended, and its owner told. Needs no token, and
    answers the same whether anybody had one of them."""
    end_read()
    for token in dict.fromkeys(one["token"] for one in body):
        if is_token(token):
            _end(token)
    return answer({"data": {"received": len(body)}}, cache=NOT_KEPT)


def _end(token: str) -> None:
    with unit_of_work(ANONYMOUS) as work:
        actions.revoke_leaked_token(
            work, token=token, secret_key=current_app.config["SECRET_KEY"], source=request.remote_addr
        )

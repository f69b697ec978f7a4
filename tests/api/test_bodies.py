"""Bodies: what no two readers would understand alike is refused."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import BadRequest

from pipeline.api.bodies import BIGGEST, MOST_NESTING, strict_json
from tests.factories import Factory
from tests.support.client import CheckedClient

HOSTILE: dict[str, bytes] = {
    "nothing but a bracket": b"{",
    "text after the end": b'{"reason": "x"} {"reason": "y"}',
    "nested past 32": b'{"reason": ' + b"[" * 40 + b"]" * 40 + b"}",
    "nested a hundred thousand deep": b"[" * 100_000,
    "not a number": b'{"reason": NaN}',
    "infinity": b'{"reason": -Infinity}',
    "a number that becomes infinity": b'{"reason": 1e999}',
    "half a surrogate pair": b'{"reason": "\\ud800"}',
    "half a surrogate pair in a name": b'{"\\udfff": 1}',
    "NUL": b'{"reason": "a\\u0000b"}',
    "a whole number past 64 bits": b'{"reason": 9223372036854775808}',
    "a whole number of a thousand digits": b'{"reason": ' + b"9" * 1_000 + b"}",
    "a member given twice": b'{"reason": "a", "reason": "a"}',
    "a member given twice within": b'{"reason": {"a": 1, "a": 2}}',
    "broken UTF-8": b'{"reason": "\xff"}',
    "UTF-16": '{"reason": "x"}'.encode("utf-16"),
    "a mark of the byte order": b'\xef\xbb\xbf{"reason": "x"}',
    "a list": b'[{"reason": "x"}]',
    "a text": b'"reason"',
    "null": b"null",
    "a comment": b'{"reason": "x" /* y */}',
    "a comma too many": b'{"reason": "x",}',
    "single quotes": b"{'reason': 'x'}",
    "a line break in a text": b'{"reason": "a\nb"}',
    "more than 1 MB": b'{"reason": "' + b"x" * 1_000_001 + b'"}',
}


@pytest.mark.database
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_json_is_refused(client: CheckedClient, make: Factory, hostile: str) -> None:
    council = make.council()
    pledge = make.pledge(make.need(make.project(council)), council, make.officer(council))
    answer = client.post(
        f"/api/v1/pledges/{pledge.id}/refuse", data=HOSTILE[hostile], content_type="application/json",
        headers=make.token(make.officer(council), council),
    )  # fmt: skip
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["type"].endswith("/problems/request.malformed")


@pytest.mark.database
@pytest.mark.parametrize(
    "body, pointer",
    [
        ({}, "/reason"),
        ({"reason": None}, "/reason"),
        ({"reason": 5}, "/reason"),
        ({"reason": ["x"]}, "/reason"),
        ({"reason": "x" * 1_001}, "/reason"),
        ({"reason": "x", "status": "refused"}, "/status"),
        ({"reason": "x", "a/b~c": 1}, "/a~1b~0c"),
    ],
)
def test_a_member_that_is_unknown_missing_or_misshapen_is_named(
    client: CheckedClient, make: Factory, body: dict[str, Any], pointer: str
) -> None:
    council = make.council()
    pledge = make.pledge(make.need(make.project(council)), council, make.officer(council))
    headers = make.token(make.officer(council), council)
    answer = client.post(f"/api/v1/pledges/{pledge.id}/refuse", json=body, headers=headers)
    assert answer.status_code == 400
    assert [(one["pointer"], one["code"]) for one in answer.get_json()["errors"]] == [(pointer, "request.member")]
    assert client.get("/problems/request.member").status_code == 200


@pytest.mark.database
def test_every_wrong_member_is_named_also_within_lists(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    need = make.need(make.project(council))
    body = {
        "half_days": "10", "sign_off_by": "2027-2-1", "status": "accepted",
        "conditions": [{"kind": "councils"}, {"kind": "weather", "at_least": True, "have": 3}],
    }  # fmt: skip
    answer = client.post(
        f"/api/v1/needs/{need.id}/pledges", json=body,
        headers=make.token(make.officer(council), council) | {"Idempotency-Key": "one"},
    )  # fmt: skip
    assert answer.status_code == 400
    assert {one["pointer"] for one in answer.get_json()["errors"]} == {
        "/half_days", "/sign_off_by", "/status", "/conditions/1/kind", "/conditions/1/at_least", "/conditions/1/have",
    }  # fmt: skip


@pytest.mark.database
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_body_says_that_it_is_json(client: CheckedClient, make: Factory, kind: str) -> None:
    council = make.council()
    pledge = make.pledge(make.need(make.project(council)), council, make.officer(council))
    answer = client.post(
        f"/api/v1/pledges/{pledge.id}/refuse", data=b'{"reason": "x"}', content_type=kind,
        headers=make.token(make.officer(council), council),
    )  # fmt: skip
    assert answer.status_code == 415


@pytest.mark.database
def test_an_edit_may_say_that_it_is_a_merge_patch_and_nothing_else_may(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    officer = make.officer(council)
    headers = make.token(officer, council)
    project = make.project(council, officer)
    edit, said = f"/api/v1/projects/{project.slug}", {"content_type": "application/merge-patch+json"}
    mark = client.get(edit).headers["ETag"]

    changed = client.patch(edit, data=b'{"summary": "New."}', headers=headers | {"If-Match": mark}, **said)
    posted = client.post("/api/v1/projects", data=b'{"title": "One"}', headers=headers, **said)

    assert (changed.status_code, posted.status_code) == (200, 415)


@pytest.mark.database
def test_a_change_takes_no_parameters(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    pledge = make.pledge(make.need(make.project(council)), council, make.officer(council))
    headers = make.token(make.officer(council), council)
    assert client.post(f"/api/v1/pledges/{pledge.id}/accept?force=true", headers=headers).status_code == 400


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-BIGGEST - 1, BIGGEST) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcé[{\"\\", max_size=5), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@pytest.mark.pure
@given(JSON_VALUES)
def test_what_everybody_reads_alike_is_read_as_everybody_reads_it(value: Any) -> None:
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False)):
        assert strict_json(text.encode()) == value


@pytest.mark.pure
@pytest.mark.parametrize("depth, is_taken", [(1, True), (MOST_NESTING, True), (MOST_NESTING + 1, False)])
def test_nesting_is_counted_exactly_and_not_within_texts(depth: int, is_taken: bool) -> None:
    text = "[" * (depth - 1) + '["[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\"[["]' + "]" * (depth - 1)
    if is_taken:
        strict_json(text.encode())
    else:
        with pytest.raises(BadRequest):
            strict_json(text.encode())


@pytest.mark.pure
@given(st.binary(max_size=200) | st.text('{}[]",:\\u0d8n1eE+-. tfl', max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused_and_nothing_else(raw: bytes) -> None:
    with contextlib.suppress(BadRequest):
        strict_json(raw)

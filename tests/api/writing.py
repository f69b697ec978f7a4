"""What tests of writing through the API share: the people of a project, and requests in their name."""

from dataclasses import dataclass, field
from typing import Any

from werkzeug.test import TestResponse

from pipeline.accounts.models import Officer
from pipeline.councils.models import Council
from tests.factories import Factory
from tests.support.client import CheckedClient

Headers = dict[str, str]


@dataclass
class People:
    """A lead and a colleague of one council, and an officer of another; each with a token."""

    make: Factory
    client: CheckedClient
    council: Council = field(init=False)
    elsewhere: Council = field(init=False)
    officers: dict[str, Officer] = field(init=False)
    tokens: dict[str, Headers] = field(init=False)

    def __post_init__(self) -> None:
        make = self.make
        self.council, self.elsewhere = make.council("Northborough"), make.council("Eastmere")
        self.officers = {
            "lead": make.officer(self.council), "colleague": make.officer(self.council, name="Sam Okoro"),
            "other": make.officer(self.elsewhere),
        }  # fmt: skip
        self.tokens = {
            name: make.token(one, self.elsewhere if name == "other" else self.council)
            for name, one in self.officers.items()
        }

    def send(
        self, method: str, path: str, body: Any = None, *, who: str = "lead", etag: str = "", key: str = ""
    ) -> TestResponse:
        """Send a request in the name of somebody, of nobody with who=""."""
        headers = dict(self.tokens[who]) if who else {}
        headers |= {"If-Match": f'"{etag}"'} if etag else {}
        headers |= {"Idempotency-Key": key} if key else {}
        return self.client.open(f"/api/v1/{path}", method=method, json=body, headers=headers)

    def done(self, method: str, path: str, body: Any = None, **more: Any) -> dict[str, Any]:
        """Send what must work, and return what is answered."""
        answer = self.send(method, path, body, **more)
        assert answer.status_code in (200, 201), answer.text
        data: dict[str, Any] = answer.get_json()["data"]
        return data

    def refused(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, str]:
        """Send what must be refused, and return the status and code."""
        answer = self.send(method, path, body, **more)
        assert answer.mimetype == "application/problem+json", answer.text
        return answer.status_code, str(answer.get_json()["type"].rsplit("/", 1)[1])


def pointers(answer: TestResponse) -> set[str]:
    """Where in what was sent something is wrong."""
    return {one["pointer"] for one in answer.get_json()["errors"]}

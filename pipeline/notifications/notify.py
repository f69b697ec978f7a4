"""Mail by GOV.UK Notify, whose service most councils may use: https://www.notifications.service.gov.uk/

Notify writes the e-mail itself, from a template of the operator's that holds nothing but `((subject))` and `((body))`.
What it is given is the subject and the text part. Its own client is not used: it speaks through another HTTP library
than the one that is here for webhooks, and the call is one.

https://docs.notifications.service.gov.uk/rest-api.html says what is asked, answered and refused.
"""

import re
import time
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import httpx
import jwt

from pipeline.notifications.transport import TIMEOUT, AddressRefused, BadMailUrl, Refused, ServerAway, TryLater

NOTIFY = "api.notifications.service.gov.uk"
_KEY = re.compile(r"(?:.*-)?([0-9a-f-]{36})-([0-9a-f-]{36})", re.ASCII)
"""A key holds a name, the id of the service and the secret, joined by hyphens."""

OF_EVERY_MESSAGE = (401, 403, 429, 502, 503, 504)
"""What would be said to any message: all of them wait, and none loses a try."""

_IN_BRACKETS = re.compile(r"<(https?://[^<>\s]+)>", re.ASCII)


@dataclass(slots=True)
class NotifyMailer:
    """Hands messages to GOV.UK Notify.

    A request whose answer got lost may have been taken. So before the same message is handed over again, Notify is
    asked whether it has one with this Message-ID, which goes with each as its `reference`.
    """

    base_url: str
    service_id: str
    secret: str = field(repr=False)
    template_id: str
    timeout: float = TIMEOUT
    _client: httpx.Client | None = field(default=None, repr=False)
    _unsure: set[str] = field(default_factory=set, repr=False)

    def send(self, message: EmailMessage, address: str) -> None:
        """Hand over a message for one address. Raises Refused, TryLater or ServerAway."""
        reference = message["Message-ID"].strip("<>")
        if reference in self._unsure and self._has(reference):
            self._unsure.discard(reference)
            return
        self._unsure.add(reference)
        answer = self._ask("POST", "/v2/notifications/email", json=self._content(message, address, reference))
        # Whatever Notify said, it said whether it took the message.
        self._unsure.discard(reference)
        _check(answer, address)

    def _content(self, message: EmailMessage, address: str, reference: str) -> dict[str, Any]:
        body = message.get_body(("plain",))
        content = {
            "email_address": address, "template_id": self.template_id, "reference": reference,
            "personalisation": {
                "subject": str(message["Subject"]), "body": body.get_content().replace("\r\n", "\n") if body else "",
            },
        }  # fmt: skip
        leave = _IN_BRACKETS.search(str(message.get("List-Unsubscribe", "")))
        return content | {"one_click_unsubscribe_url": leave[1]} if leave else content

    def _has(self, reference: str) -> bool:
        answer = self._ask("GET", "/v2/notifications", params={"reference": reference})
        _check(answer, "")
        return bool(answer.json().get("notifications"))

    def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        if self._client is None:
            self._client = httpx.Client(base_url=self.base_url, timeout=self.timeout, trust_env=False)
        token = jwt.encode({"iss": self.service_id, "iat": int(time.time())}, self.secret, algorithm="HS256")
        try:
            return self._client.request(method, path, headers={"Authorization": f"Bearer {token}"}, **more)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise ServerAway(f"GOV.UK Notify cannot be reached: {type(error).__name__}") from error
        except httpx.HTTPError as error:
            self.close()
            raise TryLater(f"GOV.UK Notify did not answer: {type(error).__name__}") from error

    def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


def notify_mailer(host: str, port: int | None, key: str, template: str, *, is_own_machine: bool) -> NotifyMailer:
    """The mailer that MAIL_URL names. Raises BadMailUrl, with words for the operator."""
    parts = _KEY.fullmatch(key)
    if parts is None:
        raise BadMailUrl("MAIL_URL with notify:// needs the whole API key: notify://:KEY@/TEMPLATE-ID.")
    try:
        template_id = str(UUID(template))
    except ValueError:
        raise BadMailUrl("MAIL_URL with notify:// needs the id of the template: notify://:KEY@/TEMPLATE-ID.") from None
    scheme = "http" if is_own_machine else "https"
    base_url = f"{scheme}://{host or NOTIFY}{f':{port}' if port else ''}"
    return NotifyMailer(base_url, parts[1], parts[2], template_id)


def _check(answer: httpx.Response, address: str) -> None:
    """What an answer means. A key that is not good, a limit that is reached, or a service that is down holds for every
    message; 400 is about this one. The words are Notify's, without the address."""
    if answer.is_success:
        return
    told = f"GOV.UK Notify said {answer.status_code} {_words_of(answer).replace(address, '…') if address else ''}"
    if answer.status_code == 400:
        raise AddressRefused(told) if "email_address" in told else Refused(told)
    if answer.status_code in OF_EVERY_MESSAGE:
        raise ServerAway(told)
    raise TryLater(told)


def _words_of(answer: httpx.Response) -> str:
    try:
        errors = answer.json()["errors"]
        return "; ".join(f"{one['error']}: {one['message']}" for one in errors)[:300]
    except (ValueError, KeyError, TypeError):
        return ""

"""How what we send is signed, by Standard Webhooks 1.0. Pure.

A secret is worked out from its row's id with the site's own secret, and kept nowhere: so it can be used for every
message, and a copy of the database signs nothing. It is shown once, when it is made.
"""

import base64
import hmac
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from standardwebhooks import Webhook as Signer

PREFIX = "whsec_"
USER_AGENT = "Pipeline-Webhooks/1.0 (+{public_url}/developers#webhooks)"


def secret_of(secret_key: str, secret_id: UUID) -> str:
    """A secret as its owner keeps it: `whsec_` and 256 bits in base 64."""
    key = hmac.digest(secret_key.encode(), b"webhook-secret", "sha256")
    return PREFIX + base64.b64encode(hmac.digest(key, secret_id.bytes, "sha256")).decode()


def headers_of(message_id: UUID, moment: datetime, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """The three headers of a message: its id, when it is sent, and a signature with each secret that holds."""
    signatures = [Signer(secret).sign(str(message_id), moment, body.decode()) for secret in secrets]
    return {
        "webhook-id": str(message_id),
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }

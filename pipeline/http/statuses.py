"""Which status each refusal is. The pages and the API each show it in their own way."""

from pipeline.http.cursors import BadCursor
from pipeline.http.identity import TokenRefused
from pipeline.http.preconditions import KeyRefused, StaleVersion, VersionMissing
from pipeline.kernel.errors import Conflict, Gone, NotAllowed, NotFound, Refusal, RuleBroken

STATUSES: tuple[tuple[type[Refusal], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (RuleBroken, 422),
    (Conflict, 409),
    (Gone, 410),
    (BadCursor, 400),
    (KeyRefused, 400),
    (TokenRefused, 401),
    (StaleVersion, 412),
    (VersionMissing, 428),
)


def status_of(refusal: Refusal) -> int:
    """The HTTP status of a refusal."""
    return next(status for kind, status in STATUSES if isinstance(refusal, kind))

"""Pages that everybody reads alike, kept by each process until something public changes.

A public page is asked for many times between two changes: the home page, a project that is in the news. It is the same
for all who ask while its mark is (`rendering.mark_of_page`), which is what a browser's own copy goes by too; so it is
made once for each mark. Pages with a query are made anew: there is no end of them.
"""

from dataclasses import dataclass

from flask import Response, request

MOST_BYTES = 32_000_000
"""What one process keeps: some 1,000 pages of projects."""

LARGEST = 500_000
"""Bytes of a page that is kept: larger ones are few, and read once."""


@dataclass(frozen=True, slots=True)
class KeptPage:
    """An answer as the view made it, and the mark it was made for."""

    mark: str
    body: bytes
    headers: tuple[tuple[str, str], ...]

    def answer(self) -> Response:
        """The same answer again."""
        return Response(self.body, 200, list(self.headers))


class KeptPages:
    """The pages one process keeps, by their paths in each language."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._kept: dict[str, KeptPage] = {}
        self._bytes = 0
        self._most = most_bytes

    def find(self, mark: str) -> Response | None:
        """The page that is asked for, if it is kept for this mark."""
        kept = self._kept.get(_place()) if _is_kept_at_all() else None
        return kept.answer() if kept is not None and kept.mark == mark else None

    def keep(self, mark: str, response: Response) -> None:
        """Keep the page that was made for a mark, instead of the one made for an earlier."""
        if not _is_kept_at_all() or response.status_code != 200 or response.is_streamed:
            return
        body = response.get_data()
        if len(body) > LARGEST:
            return
        # Another thread may do the same between any two lines: the sum is then a little off until all is dropped.
        if self._bytes + len(body) > self._most:
            self.forget()
        earlier = self._kept.get(_place())
        self._bytes += len(body) - (len(earlier.body) if earlier else 0)
        self._kept[_place()] = KeptPage(mark, body, tuple(response.headers.items()))

    def forget(self) -> None:
        """Drop all that is kept, as if the process had just begun."""
        self._kept, self._bytes = {}, 0


def _is_kept_at_all() -> bool:
    return request.method == "GET" and not request.query_string


def _place() -> str:
    return f"{request.script_root}{request.path}"

"""Pages that everybody reads alike, kept by each process until something public changes.

A public page is asked for many times between two changes: the home page, a project that is in the news. It is the same
for all who ask while its mark is (`rendering.mark_of_page`), which is what a browser's own copy goes by too; so it is
made once for each mark. Of pages with a query there is no end: only those of lists and searches are kept, beside the
others and with less room, so that whoever asks for many pushes out none that is in the news.
"""

from dataclasses import dataclass, field

from flask import Response, request

MOST_BYTES = 32_000_000
"""What one process keeps: some 1,000 pages of projects."""

MOST_BYTES_WITH_QUERY = 12_000_000
"""What it keeps of pages with a query: some 500 pages of searches."""

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


@dataclass(slots=True)
class _Shelf:
    """Pages by their addresses in each language, up to so many bytes."""

    most: int
    pages: dict[str, KeptPage] = field(default_factory=dict)
    bytes: int = 0

    def keep(self, address: str, page: KeptPage) -> None:
        size = len(address) + len(page.body)
        # Another thread may do the same between any two lines: the sum is then a little off until all is dropped.
        if self.bytes + size > self.most:
            self.forget()
        earlier = self.pages.get(address)
        self.bytes += size - (len(address) + len(earlier.body) if earlier else 0)
        self.pages[address] = page

    def forget(self) -> None:
        self.pages, self.bytes = {}, 0


class KeptPages:
    """The pages one process keeps: those without a query, and beside them some with one."""

    def __init__(self, most_bytes: int = MOST_BYTES, most_with_query: int = MOST_BYTES_WITH_QUERY) -> None:
        self._plain, self._with_query = _Shelf(most_bytes), _Shelf(most_with_query)

    def find(self, mark: str) -> Response | None:
        """The page that is asked for, if it is kept for this mark. Who says `no-cache` gets it made anew."""
        if request.method != "GET" or request.cache_control.no_cache:
            return None
        kept = self._shelf().pages.get(_address())
        return kept.answer() if kept is not None and kept.mark == mark else None

    def keep(self, mark: str, response: Response) -> None:
        """Keep the page that was made for a mark, instead of the one made for an earlier."""
        if request.method != "GET" or response.status_code != 200 or response.is_streamed:
            return
        body = response.get_data()
        if len(body) <= LARGEST:
            self._shelf().keep(_address(), KeptPage(mark, body, tuple(response.headers.items())))

    def forget(self) -> None:
        """Drop all that is kept, as if the process had just begun."""
        self._plain.forget()
        self._with_query.forget()

    def _shelf(self) -> _Shelf:
        return self._with_query if request.query_string else self._plain


def _address() -> str:
    return f"{request.script_root}{request.full_path}"

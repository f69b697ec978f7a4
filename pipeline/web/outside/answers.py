"""Answers for other programs and sites: the same for everybody, kept for a short while, readable from any origin."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Response, request

from pipeline.http.security import PUBLIC_FOR_A_WHILE
from pipeline.web.rendering import mark_of_page

Arguments = ParamSpec("Arguments")


def for_anybody(view: Callable[Arguments, Response]) -> Callable[Arguments, Response]:
    """Mark an answer with what the public reads now, say that anybody may keep it for a while, and open it to pages of
    other sites.

    Who has it already is told so before anything is read; who only says since when is told by Last-Modified.
    """

    @wraps(view)
    def answer(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Response:
        mark = mark_of_page()
        is_known = request.if_none_match.contains(mark)
        response = Response(status=304) if is_known else view(*args, **kwargs)
        if response.status_code not in (200, 304):
            return response
        response.set_etag(mark)
        response.headers["Cache-Control"] = PUBLIC_FOR_A_WHILE
        open_to_other_sites(response)
        if response.last_modified is not None:
            response.make_conditional(request)
        return response

    return answer


def open_to_other_sites(response: Response) -> Response:
    """Let pages of any origin read an answer, and show it."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response

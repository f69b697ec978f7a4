"""Answers for other programs and sites: the same for everybody, and kept for a short while."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Response, request

from pipeline.http.security import PUBLIC_FOR_A_WHILE
from pipeline.web.rendering import mark_of_page

Arguments = ParamSpec("Arguments")


def for_anybody(view: Callable[Arguments, Response]) -> Callable[Arguments, Response]:
    """Mark an answer with what the public reads now, and say that anybody may keep it for a while and show it anywhere.

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
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if response.last_modified is not None:
            response.make_conditional(request)
        return response

    return answer

"""What each kind of refusal means: the `type` of every problem the API answers leads here."""

from flask import Blueprint, Response

from pipeline.http.entry import anyone
from pipeline.http.problem_types import problem_type
from pipeline.kernel.errors import NotFound
from pipeline.web.rendering import revalidated, show

blueprint = Blueprint("problems", __name__)


@blueprint.get("/problems/<string:code>")
@anyone
@revalidated
def show_problem(code: str) -> Response:
    """One kind of refusal, explained."""
    explained = problem_type(code)
    if explained is None:
        raise NotFound
    return show("problems/show.html", problem=explained)

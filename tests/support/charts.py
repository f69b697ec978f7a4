"""Draws charts with the site's own template, and reads the drawing."""

from functools import cache
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from jinja2 import Environment, FileSystemLoader

from pipeline.web.charts import Chart
from tests.support.source import ROOT


@cache
def _macros() -> Any:
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )  # fmt: skip
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    return environment.get_template("components/charts.html").make_module()


def drawn(chart: Chart) -> Element:
    """The drawing of a chart, as a page would hold it."""
    found: Element = fromstring(str(_macros().draw(chart)))
    return found


def values_in(drawing: Element) -> list[tuple[str, str, str]]:
    """What is drawn: series, label and value of each mark, in their order."""
    return [
        (mark.get("data-series", ""), mark.get("data-label", ""), mark.get("data-value", ""))
        for mark in drawing.iter()
        if mark.get("data-value") is not None
    ]


def pixels(share: str | None) -> float:
    """A place along a drawing a hundred wide."""
    assert share is not None
    assert share.endswith("%")
    return float(share.removesuffix("%"))

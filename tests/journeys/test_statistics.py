"""The pages of figures in a real browser: axe finds nothing, and charts read without colour, on a phone and on paper.

Every page is looked at as `Walker.look` does: axe, no sideways scrolling at 320 px, a clean console.
"""

import random
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.api.test_statistics import populate
from tests.artefacts.factories import Shelf
from tests.conftest import empty
from tests.journeys.conftest import Site, Walker

pytestmark = pytest.mark.browser

PATHS = ("", "/themes", "/places", "/places?measure=pledged_pence", "/answers", "/documents", "/councils")
LEAST_TEXT = 11

STYLES = """(names) => Object.fromEntries(names.map(name => {
    const found = document.querySelector(name);
    const style = found && getComputedStyle(found);
    return [name, style && {fill: style.fill, stroke: style.stroke, dash: style.strokeDasharray}];
}))"""
SMALLEST = """() => Math.min(...[...document.querySelectorAll('.chart text')].map(
    text => parseFloat(getComputedStyle(text).fontSize)))"""
OUTSIDE = """() => [...document.querySelectorAll('.chart text')].filter(text => {
    const box = text.getBoundingClientRect();
    return box.left < 0 || box.right > innerWidth + 0.5;
}).map(text => text.textContent)"""

TOO_WIDE = """() => [...document.querySelectorAll('.chart__tile')].filter(tile => {
    const [box, ...texts] = [...tile.children].map(one => one.getBoundingClientRect());
    return texts.some(text => text.left < box.left || text.right > box.right);
}).map(tile => tile.textContent)"""


def styles(page: Page, *names: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = page.evaluate(STYLES, list(names))
    return found


def lightness(colour: str) -> float:
    """How light a colour is without its colour, from 0 to 255."""
    red, green, blue = (float(one) for one in colour.removeprefix("rgb(").removesuffix(")").split(","))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.fixture
def somebody(sites: Callable[[str], Site], chromium: Browser) -> Iterator[Walker]:
    """A reader of a site where something of everything is counted. Pages are the same on both databases."""
    site = sites("sqlite")
    empty(site.app)
    populate(site.app, site.make, Shelf(site.make), random.Random(2026))
    walker = Walker(chromium, site, has_scripts=True)
    yield walker
    walker.close()


def test_charts_are_looked_at_and_read_without_colour(somebody: Walker) -> None:
    page = somebody.page
    for path in PATHS:
        somebody.go(f"/statistics{path}")
        assert page.locator(".chart").count(), path
        page.set_viewport_size({"width": 320, "height": 900})
        assert page.evaluate(SMALLEST) >= LEAST_TEXT, path
        assert page.evaluate(OUTSIDE) == [], path
        page.locator(".chart__tile .chart__figure").evaluate_all(
            "all => all.forEach(one => one.textContent = '£888,888')"
        )
        assert page.evaluate(TOO_WIDE) == [], path
        page.set_viewport_size({"width": 1280, "height": 900})

    page.goto("/statistics")
    lines = [f".chart__series .chart__line--{number}" for number in (1, 2, 3)]
    assert len({one["dash"] for one in styles(page, *lines).values()}) == 3, "lines differ by their dashes"
    page.emulate_media(forced_colors="active")
    assert len({one["stroke"] for one in styles(page, *lines).values()}) == 1, "the system's colour"

    page.emulate_media(forced_colors="none")
    page.goto("/statistics/places")
    shades = [f".chart__tile--{number}" for number in (0, 4)]
    dark, light = (lightness(styles(page, *shades)[name]["fill"]) for name in reversed(shades))
    assert light - dark > 100, "tiles differ in grey"
    for media in ("active", "none"):
        page.emulate_media(forced_colors=media)  # type: ignore[arg-type]
        patterns = styles(page, ".chart__ink", ".chart__paper")
        assert patterns[".chart__ink"]["fill"] != patterns[".chart__paper"]["fill"], media

    page.emulate_media(media="print")
    assert page.locator(".chart").first.is_visible()
    assert not page.locator(".filters").first.is_visible()

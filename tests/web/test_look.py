"""The colours of docs/look.md are those of the styles, and their contrast is what it says and enough."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

pytestmark = pytest.mark.pure

PROJECT_FOLDER = Path(__file__).resolve().parents[2]
STYLES_FOLDER = PROJECT_FOLDER / "pipeline" / "web" / "assets" / "styles"
PAIR = re.compile(r"^\| (?P<name>[^|]+) \| `(?P<front>#\w{6})` \| `(?P<back>#\w{6})` \| (?P<contrast>[\d.]+) \|$", re.M)

# Colours that belong to GOV.UK: its blue, green and red.
RESERVED_COLOURS = ("#1d70b8", "#0f7a52", "#ca3535", "#003078", "#00703c", "#d4351c")


class Pair(NamedTuple):
    name: str
    front: str
    back: str
    contrast: float


def pairs() -> list[Pair]:
    text = (PROJECT_FOLDER / "docs" / "look.md").read_text(encoding="utf-8")
    return [Pair(m["name"], m["front"], m["back"], float(m["contrast"])) for m in PAIR.finditer(text)]


def styles() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(STYLES_FOLDER.glob("*.scss")))


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2, from 0 (black) to 1 (white)."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_has_the_contrast_the_guidelines_say() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("pair", pairs(), ids=lambda pair: pair.name)
def test_every_pair_of_colours_has_the_contrast_written_down_and_enough_of_it(pair: Pair) -> None:
    measured = contrast(pair.front, pair.back)
    assert pair.contrast <= measured < pair.contrast + 0.1
    is_text = not pair.name.startswith(("Bar", "Edge"))
    assert measured >= (4.5 if is_text else 3)


@pytest.mark.parametrize("pair", pairs(), ids=lambda pair: pair.name)
def test_every_colour_written_down_is_in_the_styles(pair: Pair) -> None:
    assert pair.front in styles()
    assert pair.back in styles()


def test_no_style_of_ours_uses_a_colour_reserved_for_gov_uk() -> None:
    assert [colour for colour in RESERVED_COLOURS if colour in styles()] == []


def test_the_table_of_colours_is_read() -> None:
    assert len(pairs()) > 30

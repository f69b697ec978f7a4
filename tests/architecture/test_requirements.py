"""The lock files hold everything the lists ask for, so a fresh machine gets what the code imports."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.pure

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
MEND = "run `make lock`"


def pins(name: str) -> dict[str, str]:
    """The version of every package a requirements file pins, by its normalised name."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return {re.sub(r"[-_.]+", "-", package).lower(): version for package, version in PIN.findall(text)}


@pytest.mark.parametrize("name", ["requirements", "requirements-dev", "requirements-node"])
def test_a_lock_file_pins_all_that_its_list_asks_for(name: str) -> None:
    assert pins(f"{name}.in").items() <= pins(f"{name}.txt").items(), MEND


def test_tests_run_with_exactly_the_packages_the_site_runs_with() -> None:
    site = pins("requirements.txt")
    assert len(site) > 30
    assert site.items() <= pins("requirements-dev.txt").items(), MEND

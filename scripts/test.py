"""Runs the whole suite in parts, the fast ones first: `make test`.

The parts: pure tests; all others but the browser's, spread over the cores; the browser's, one at a time, because
several browsers on few cores wait for each other longer than they work. Every part runs even where one before it
failed, so that one run tells everything; the exit code is 0 only if all passed.

    --browser=wanted      without Chromium the browser tests are skipped, with the sentence that says what to type
    --browser=required    without Chromium the run fails (as in continuous integration)
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST_WORKERS = 4
NO_TESTS_COLLECTED = 5  # pytest's exit code


def parts() -> list[tuple[str, list[str]]]:
    """What each part is called and how pytest is asked for it."""
    workers = str(max(2, min(os.cpu_count() or 2, MOST_WORKERS)))
    return [
        ("Tests that need nothing", ["-m", "pure and not drill", "-p", "no:xdist"]),
        ("Tests on the databases", ["-m", "not pure and not browser and not drill", "-n", workers]),
        ("Tests in the browser", ["-m", "browser and not pure and not drill", "-p", "no:xdist"]),
    ]


def run_part(title: str, arguments: list[str]) -> int:
    """Runs one part with pytest's own words on the terminal. The result is its exit code, 0 where nothing is in it."""
    print(f"\n{title}", flush=True)
    code = subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, check=False).returncode
    return 0 if code == NO_TESTS_COLLECTED else code


def main() -> int:
    """Sees to the browser, then runs the parts. The result is the exit code."""
    parser = argparse.ArgumentParser(description="Run the tests of Pipeline.")
    parser.add_argument("--browser", choices=("wanted", "required"), default="wanted")
    wanted = parser.parse_args()
    setup = [sys.executable, str(ROOT / "scripts" / "setup.py"), "--dev", "--browser"]
    if subprocess.run(setup, cwd=ROOT, check=False).returncode != 0 and wanted.browser == "required":
        return 1
    return max([run_part(title, arguments) for title, arguments in parts()])


if __name__ == "__main__":
    sys.exit(main())

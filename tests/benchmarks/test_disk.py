"""What the disk is asked is what a pledge asks of it. Nothing here is timed itself."""

from pathlib import Path

import pytest

from benchmarks.disk import milliseconds_of_a_commit, said

pytestmark = pytest.mark.pure


def test_each_commit_is_kept_before_the_next_begins(tmp_path: Path) -> None:
    assert milliseconds_of_a_commit(tmp_path, commits=3) > 0
    assert {one.name for one in tmp_path.iterdir()} >= {"disk.db"}


def test_the_figure_is_said_as_commits_a_second() -> None:
    assert said(4.0) == "The disk keeps a commit in 4.0 ms: 250 a second at most."

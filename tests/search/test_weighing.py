"""What counts how much in what a search finds. Pure."""

import pytest

from pipeline.search.asking import question_of
from pipeline.search.weighing import HINT, OTHER_NAME, THE_WORD, weighed, what_words_say

pytestmark = pytest.mark.pure

BOTH = [(0, THE_WORD), (0, OTHER_NAME)]
"""A word, and other names for it."""


def test_many_other_names_say_no_more_than_the_word_itself() -> None:
    scores = weighed([(0, 1, 5.0), (1, 2, 50.0)], BOTH, [1.0, 1.0])
    assert scores[1] > scores[2] > 0


def test_other_names_count_in_full_where_nothing_holds_the_word() -> None:
    assert weighed([(1, 2, 50.0)], BOTH, [1.0, 1.0])[2] == 50 * OTHER_NAME


def test_what_has_the_telling_word_comes_before_what_has_two_common_ones() -> None:
    words = [(0, THE_WORD), (1, THE_WORD), (2, THE_WORD)]
    scores = weighed([(0, 1, 9.0), (1, 2, 3.0), (2, 2, 3.0)], words, [1.0, 1.0, 1.0, 1.0])
    assert scores[1] > scores[2]


def test_a_name_for_several_words_adds_to_them() -> None:
    words = [(0, THE_WORD), (1, HINT)]
    assert weighed([(0, 1, 2.0), (1, 1, 2.0)], words, [1.0, 1.0])[1] > weighed([(0, 1, 2.0)], words, [1.0, 1.0])[1]


def test_words_of_any_question_say_less_than_the_others() -> None:
    stop, potholes = what_words_say(question_of("stop potholes"))[:2]
    assert stop < potholes
    assert len(set(what_words_say(question_of('"stop people"')))) == 1, "a phrase says what it says"

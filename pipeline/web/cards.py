"""Projects at a glance, as `components/card_list.html` shows them: plain values, every word in the reader's language.

A page of cards is among what is read most, so whatever is the same on every card is said once, before the first.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from flask import request

from pipeline.http.language import current_language, gettext, ngettext, say
from pipeline.kernel import clock
from pipeline.kernel.effort import days
from pipeline.kernel.money import pounds
from pipeline.kernel.words import MONTHS
from pipeline.projects.freshness import Freshness
from pipeline.projects.freshness_messages import FRESHNESS_NAMES
from pipeline.projects.messages import STATUS_NAMES
from pipeline.projects.rules import CLOSES_SOON, NeedStatus, ProjectStatus
from pipeline.projects.vocabulary import THEME_BY_VALUE

ASKING = frozenset({ProjectStatus.OPEN.value, ProjectStatus.GOING_AHEAD.value})


class CardMaker:
    """Makes the cards of one page."""

    def __init__(self) -> None:
        self.root = request.script_root
        self.language = current_language()
        self.today = clock.today()
        self.statuses = {
            status.value: (status.value.replace("_", "-"), say(words)) for status, words in STATUS_NAMES.items()
        }
        self.freshness = {
            one.value: (one.value.replace("_", "-"), say(words))
            for one, words in FRESHNESS_NAMES.items() if one is not Freshness.FRESH
        }  # fmt: skip
        self.recorded = gettext("Recorded from public sources")
        self.closes = gettext("Decides on %(day)s")
        self.all_pledged = gettext("Everything asked for is pledged")
        self.missing = {
            "time": gettext("%(missing)s of %(target)s days still needed"),
            "funding": gettext("%(missing)s of %(target)s still needed"),
            "in_kind": gettext("%(missing)s of %(target)s still needed: %(thing)s"),
        }
        self.led_by = cache(self._led_by_sentence)

    def cards(self, rows: Iterable[Any], needs: Mapping[Any, list[Any]]) -> list[dict[str, Any]]:
        """Cards of `ProjectRow`s, with the needs of each by its id."""
        return [self._card(row, needs[row[0]]) for row in rows]

    def _card(self, row: Any, needs: list[Any]) -> dict[str, Any]:
        (
            _id, slug, title, summary, _phase, status, _mode, decision_on, themes, _council_slug, _council_name,
            short_name, _gss_code, councils, _held, _half_days, _pence, is_recorded,
            *_moments_and_marks, language, freshness, _sort_value,
        ) = row  # fmt: skip
        tags = self._theme_tag(themes)
        if is_recorded:
            tags.append(("recorded", self.recorded))
        if status == ProjectStatus.OPEN and decision_on is not None and freshness != Freshness.LOOKING_FOR_LEAD:
            tags += self._soon_tag(decision_on)
        if status in ASKING and freshness in self.freshness:
            tags.append(self.freshness[freshness])
        tags.append(self.statuses[status])
        counts, covered, missing = self._progress(needs) if status in ASKING else (None, None, "")
        return {
            "url": f"{self.root}/projects/{slug}", "title": title, "summary": summary, "tags": tags,
            "other_language": None if language == self.language else language,
            "counts_percent": counts, "covered_percent": covered, "missing": missing,
            "led_by": self.led_by(councils) % {"council": short_name, "num": councils},
        }  # fmt: skip

    def _theme_tag(self, themes: str | None) -> list[tuple[str, str]]:
        theme = THEME_BY_VALUE.get(themes.split(",", 1)[0]) if themes else None
        return [("theme", theme.cy if self.language == "cy" else theme.en)] if theme else []

    def _soon_tag(self, decision_on: Any) -> list[tuple[str, str]]:
        day = decision_on if isinstance(decision_on, date) else date.fromisoformat(decision_on)
        if not self.today <= day <= self.today + CLOSES_SOON:
            return []
        return [("soon", self.closes % {"day": f"{day.day} {gettext(MONTHS[day.month - 1])}"})]

    def _progress(self, needs: list[Any]) -> tuple[float | None, float | None, str]:
        """How far the need that has furthest to go has come, in per cent, and what it still lacks.

        Days, pounds and things are never summed, so a card tells of one need: an essential one where one is not met.
        """
        furthest: tuple[bool, float, Any] | None = None
        for need in needs:
            if need[8] == NeedStatus.OPEN:
                key = (not need[6] or need[11] >= need[9], need[11] / need[9])
                if furthest is None or key < furthest[:2]:
                    furthest = (*key, need)
        if furthest is None:
            return None, None, ""
        need = furthest[2]
        kind, thing, target, held, pledged = need[2], need[4], need[9], need[10], need[11]
        counts = min(round(100 * pledged / target, 1), 100)
        covered = min(round(100 * held / target, 1), 100)
        if pledged >= target:
            return counts, covered, self.all_pledged
        show = days if kind == "time" else pounds if kind == "funding" else str
        words = {"missing": show(target - pledged), "target": show(target), "thing": thing}
        return counts, covered, self.missing[kind] % words

    @staticmethod
    def _led_by_sentence(councils: int) -> str:
        if not councils:
            return gettext("Led by %(council)s")
        return ngettext(
            "Led by %(council)s, with %(num)s other council",
            "Led by %(council)s, with %(num)s other councils",
            councils,
        )

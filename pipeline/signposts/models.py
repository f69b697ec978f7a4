"""The table of signposts."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.db.base import Base, Edited, one_of
from pipeline.signposts.rules import (
    MOST_SENTENCE,
    MOST_SOURCE_TITLE,
    MOST_SOURCE_URL,
    SignpostAbout,
    SignpostTerms,
)


class Signpost(Edited, Base):
    """A sum and a sentence, for the councils of a nation or for one council, with its source and its days.

    `key` names one that ships with Pipeline, so that it is loaded once. One that has ended is kept and not shown.
    """

    __tablename__ = "signpost"
    __table_args__ = (
        one_of("about", SignpostAbout),
        CheckConstraint("(nation IS NULL) <> (council_id IS NULL)", name="of_a_nation_or_a_council"),
        CheckConstraint("pence IS NULL OR half_days IS NULL", name="one_sum"),
        CheckConstraint("pence IS NULL OR (pence >= 1 AND about <> 'time')", name="pence_of_funding"),
        CheckConstraint("half_days IS NULL OR (half_days >= 1 AND about <> 'funding')", name="half_days_of_time"),
        CheckConstraint("last_on IS NULL OR last_on >= first_on", name="dates_in_order"),
        CheckConstraint("sentence <> '' AND source_title <> ''", name="says_something"),
        CheckConstraint("substr(source_url, 1, 8) = 'https://'", name="source_is_https"),
        Index("ix_signpost_nation_ended_at", "nation", "ended_at"),
        Index("ix_signpost_council_id_ended_at", "council_id", "ended_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str | None] = mapped_column(String(60), unique=True)
    nation: Mapped[str | None] = mapped_column(String(20))
    council_id: Mapped[UUID | None] = mapped_column(ForeignKey("council.id"))
    about: Mapped[str] = mapped_column(String(10))
    pence: Mapped[int | None] = mapped_column(BigInteger)
    half_days: Mapped[int | None] = mapped_column(BigInteger)
    is_with_vat: Mapped[bool] = mapped_column(default=False)
    sentence: Mapped[str] = mapped_column(String(MOST_SENTENCE))
    sentence_cy: Mapped[str] = mapped_column(String(MOST_SENTENCE), default="")
    source_title: Mapped[str] = mapped_column(String(MOST_SOURCE_TITLE))
    source_url: Mapped[str] = mapped_column(String(MOST_SOURCE_URL))
    first_on: Mapped[date]
    last_on: Mapped[date | None]
    added_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @property
    def terms(self) -> SignpostTerms:
        """What it says, as the rules know it."""
        return SignpostTerms(
            about=SignpostAbout(self.about), sentence=self.sentence, sentence_cy=self.sentence_cy,
            source_title=self.source_title, source_url=self.source_url, first_on=self.first_on, last_on=self.last_on,
            pence=self.pence, half_days=self.half_days, is_with_vat=self.is_with_vat,
        )  # fmt: skip

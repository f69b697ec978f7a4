"""What measures hold about an officer: for "download my data"."""

from typing import Any

from pipeline.db.own_data import Own, rows_about_reader
from pipeline.db.work import Reading
from pipeline.measures.models import Measure, MeasureReading

_OWN: Own = {
    "measures_set": (Measure.officer_id, (Measure.name, Measure.created_at, Measure.ended_at)),
    "readings_recorded": (
        MeasureReading.officer_id,
        (MeasureReading.value, MeasureReading.read_on, MeasureReading.note, MeasureReading.recorded_at),
    ),
}
"""Each heading: the column that names the officer, and the columns that are given."""


def data_of(reading: Reading) -> dict[str, Any]:
    """Everything measures hold about whoever asks, as plain values by heading."""
    return rows_about_reader(reading, _OWN)

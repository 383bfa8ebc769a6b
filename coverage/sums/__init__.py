"""The sums of coverage: who lives within reach of an open venue, and what would help most.

    measures = measure(Question(area, within=800, at=moment))
    measures.sentence(), measures.share, measures.method, measures.wards
    measure_week(question, day).grid

Layers: `reach` and `timetables` are sums over arrays; `where` and `venues` fetch them; `measures`
puts them together and says how.
"""

from .measures import Measures, Row, WeekMeasures, measure, measure_distances, measure_week
from .moments import ordinary_week, read_moment
from .question import DISTANCES, WALKING, Question

__all__ = [
    "DISTANCES",
    "WALKING",
    "Measures",
    "Question",
    "Row",
    "WeekMeasures",
    "measure",
    "measure_distances",
    "measure_week",
    "ordinary_week",
    "read_moment",
]

"""Coverage calculations: who lives within reach of an open venue, and what would help most.

    measures = measure(Question(area, within=800, at=moment))
    measures.sentence(), measures.share, measures.method, measures.wards
    measure_week(question, day).grid
    next_best(question, hours=[...], other_places=OtherPlace.objects.candidates()).picks

Layers: `reach` and `timetables` compute over arrays; `where` and `venues` fetch them; `measures`
combines them and states the method.
"""

from .measures import Measures, WeekMeasures, measure, measure_distances, measure_week
from .moments import ordinary_week, read_moment
from .parts import measure_parts
from .question import DISTANCES, WALKING, WITHIN, Question
from .ranking import NextBest, Pick, hours_in_words, next_best
from .rows import Row

__all__ = [
    "DISTANCES",
    "WALKING",
    "WITHIN",
    "Measures",
    "NextBest",
    "Pick",
    "Question",
    "Row",
    "WeekMeasures",
    "hours_in_words",
    "measure",
    "measure_distances",
    "measure_parts",
    "measure_week",
    "next_best",
    "ordinary_week",
    "read_moment",
]

"""A table of the year beside the ward tables of its quarters, which share the nil returns."""

import pytest

from common.disclosure import Returned
from partnership.actions.figures import make_figures
from partnership.rules.figures import released
from tests.factories import OfficerFactory, SchemeFactory
from tests.partnership.use import QUARTER, few, make_items, make_members, make_ward, send

pytestmark = pytest.mark.django_db


def test_the_figures_of_a_period_keep_how_many_venues_each_ward_had():
    scheme, chair = SchemeFactory(), OfficerFactory(role="chair").user
    for west, people in [(400000, 10), (420000, 10), (440000, 0)]:
        make_ward(f"Ward {west}", west)
        for sign_up in make_members(scheme, 3, west + 5000):
            send(sign_up, people)
    made = released(make_figures(scheme, QUARTER, by=chair))
    assert made.returned == {
        "ward": Returned({"E05400000": 3, "E05420000": 3, "E05440000": 3}, nil=3)
    }


def test_hidden_figures_do_not_say_who_reported_them():
    scheme, chair = SchemeFactory(), OfficerFactory(role="chair").user
    for sign_up, people in zip(make_members(scheme, 3), [1, 1, 0], strict=True):
        send(sign_up, people)
    figures = make_figures(scheme, QUARTER, by=chair)
    assert figures.tables["people"] is None
    assert released(figures).returned == {}


@pytest.mark.parametrize(
    ("hides_a_ward", "knows_its_venues", "has_a_year"),
    [(True, False, False), (True, True, True), (False, False, True)],
)
def test_there_is_no_table_of_the_year_if_what_it_tells_about_a_ward_cannot_be_worked_out(
    hides_a_ward, knows_its_venues, has_a_year
):
    scheme, chair = SchemeFactory(), OfficerFactory(role="chair").user
    items = make_items(scheme)
    make_members(scheme, 4)
    for quarter in QUARTER.last(4):
        few(scheme, items, quarter)
        made = make_figures(scheme, quarter, by=chair)
        if quarter == QUARTER.shift(-1):
            figures = [10, 10, None] if hides_a_ward else [10, 10, 0]
            made.tables["tables"]["ward"]["rows"] = [
                [f"E{n}", "", figure] for n, figure in enumerate(figures)
            ]
            made.counts["venues_by_ward"] = {"E0": 2, "E1": 2, "E2": 2}
            if not knows_its_venues:  # Made before it was kept.
                del made.counts["venues_by_ward"]
            made.save()
    assert bool(made.tables["several"]) == has_a_year

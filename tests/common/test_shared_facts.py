"""Two people editing one form: nobody's change is silently lost."""

import datetime
import html
import re

import pytest
from django import forms

from common.fields import DayMonthYearField
from common.forms import SharedFactsForm


class FactsForm(SharedFactsForm, forms.Form):
    phone = forms.CharField(required=False)
    notes = forms.CharField(required=False, widget=forms.Textarea)
    toilet = forms.TypedChoiceField(
        required=False,
        choices=[("True", "Yes"), ("False", "No"), ("", "Not known")],
        coerce=lambda value: value == "True",
        empty_value=None,
    )
    serves = forms.MultipleChoiceField(
        required=False, choices=[("young", "Young people"), ("older", "Older people")]
    )
    opened = DayMonthYearField(required=False)
    by_appointment = forms.BooleanField(required=False)
    people = forms.IntegerField(required=False)


SAVED = {
    "phone": "01962 000000",
    "notes": "Ring twice.\nThen wait.",
    "toilet": None,
    "serves": ["older", "young"],
    "opened": datetime.date(2026, 3, 27),
    "by_appointment": None,
    "people": 3,
}
POSTED = {
    "phone": "01962 000000",
    "notes": "Ring twice.\r\nThen wait.",
    "toilet": "",
    "serves": ["young", "older"],
    "opened_day": "27",
    "opened_month": "3",
    "opened_year": "2026",
    "people": "3",
}
NEW = {
    "phone": ("01962 111111", {"phone": "01962 222222"}),
    "notes": ("Do not ring.", {"notes": "Knock."}),
    "toilet": (True, {"toilet": "False"}),
    "serves": (["young"], {"serves": ["older"]}),
    "opened": (datetime.date(2026, 4, 1), {"opened_day": "2"}),
    "by_appointment": (True, None),
    "people": (4, {"people": "5"}),
}
"""Fact -> what somebody else saves meanwhile, and what this person types (None: cannot differ)."""


def version_of(saved):
    return FactsForm(initial=saved)["as_read"].value()


def sent(saved_now=SAVED, read=SAVED, **typed):
    return FactsForm({**POSTED, "as_read": version_of(read), **typed}, initial=saved_now)


def test_without_other_changes_the_form_saves():
    form = sent(phone="01962 999999", toilet="True", by_appointment="on")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["phone"] == "01962 999999"
    assert "as_read" not in form.cleaned_data
    assert "as_read" not in form.changed_data


def test_a_form_posted_back_untouched_counts_as_untouched():
    """Otherwise every fact changed by somebody else would be reported as a conflict."""
    for name, (theirs, _typed) in NEW.items():
        form = sent({**SAVED, name: theirs})
        assert not form.is_valid(), name
        assert list(form.errors) == [name]
        assert "The form now shows that" in form.errors[name][0], name
        assert form[name].value() == theirs, "the box shows what is saved"


@pytest.mark.parametrize("name", [name for name, (_theirs, typed) in NEW.items() if typed])
def test_a_conflict_shows_both_values_and_keeps_what_was_typed(name):
    theirs, typed = NEW[name]
    form = sent({**SAVED, name: theirs}, **typed)
    assert not form.is_valid()
    assert "You wrote" in form.errors[name][0]
    again = sent({**SAVED, name: theirs}, read={**SAVED, name: theirs}, **typed)
    assert again.is_valid(), "told once, the person's own answer is saved"


@pytest.mark.parametrize("name", list(NEW))
def test_ticking_the_box_keeps_the_saved_value(name):
    theirs, typed = NEW[name]
    saved = {**SAVED, name: theirs}
    form = sent(saved, read=saved, take_saved=[name], **(typed or {}))
    assert form.is_valid(), form.errors
    assert form.cleaned_data[name] == theirs


def test_a_conflict_page_carries_the_new_version_and_the_checkbox():
    saved = {**SAVED, "phone": "01962 111111"}
    form = sent(saved, phone="01962 222222")
    form.is_valid()
    drawn = html.unescape(str(form["as_read"]))
    assert re.search(r'name="as_read" value="(.*?)">', drawn)[1] == version_of(saved)
    assert re.search(r'name="take_saved"\s+value="phone"', drawn)
    assert "01962 111111" in drawn


def test_the_same_change_by_both_is_not_a_conflict():
    assert sent({**SAVED, "phone": "01962 222222"}, phone="01962 222222").is_valid()


def test_a_conflict_is_reported_alongside_other_errors():
    form = sent({**SAVED, "phone": "01962 111111"}, people="many")
    assert set(form.errors) == {"phone", "people"}


def test_a_third_change_after_the_warning_is_reported_again():
    read, now = {**SAVED, "phone": "1"}, {**SAVED, "phone": "2"}
    assert not sent(now, read=read, phone="01962 222222").is_valid()


@pytest.mark.parametrize("junk", ["", "x", "[]", "null", '{"phone": []}', "[" * 100_000])
def test_an_invalid_version_does_no_harm(junk):
    form = FactsForm({**POSTED, "as_read": junk}, initial=SAVED)
    assert form.is_valid() or list(form.errors) == ["phone"]

"""What no field of any form accepts, and that it is refused quickly."""

import datetime
import time

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.urls import get_resolver

from common.fields import DayMonthYearField
from common.inputs import one_line
from geography.spelling import LONGEST_READ
from signposting.forms import WordsField

SIZE = 2_500_000
NASTY = {
    "one long word": "a" * SIZE,
    "digits apart": "1 " * (SIZE // 2) + "a",
    "blanks": "born" + " " * SIZE + "x",
    "ats": "a at " * (SIZE // 5),
    "brackets": "a(" * (SIZE // 2),
    "digits": "1" * SIZE + "a",
    "letters that unfold": "\ufdfa" * (SIZE // 3),
}


def every_form_class():
    """Every form class a URL may use; all views are imported first."""
    assert get_resolver().url_patterns
    pending, seen = [forms.BaseForm], set()
    while pending:
        for each in pending.pop().__subclasses__():
            if each not in seen:
                seen.add(each)
                pending.append(each)
    return sorted(
        (each for each in seen if getattr(each, "base_fields", None)),
        key=lambda each: (each.__module__, each.__qualname__),
    )


TEXT_FIELDS = [
    pytest.param(field, id=f"{form.__module__}.{form.__name__}.{name}")
    for form in every_form_class()
    for name, field in form.base_fields.items()
    if isinstance(field, forms.CharField)
    and not isinstance(field, WordsField)
    and not form.__module__.startswith(("django.", "allauth.mfa.webauthn"))  # Not enabled.
]


def test_the_walk_finds_the_forms():
    assert len(TEXT_FIELDS) > 80


@pytest.mark.parametrize("field", TEXT_FIELDS)
def test_input_of_2_5_mb_is_refused_within_a_second(field):
    for name, text in NASTY.items():
        started = time.perf_counter()
        with pytest.raises(ValidationError):
            field.clean(text)
        assert time.perf_counter() - started < 1, name


def test_a_search_of_2_5_mb_is_cut_within_a_second():
    for name, text in NASTY.items():
        started = time.perf_counter()
        assert len(WordsField(required=False).clean(text)) <= LONGEST_READ, name
        assert time.perf_counter() - started < 1, name


class AnyForm(forms.Form):
    name = forms.CharField(required=False)
    notes = forms.CharField(widget=forms.Textarea, required=False)
    email = forms.EmailField(required=False)
    day = forms.DateField(required=False)
    moment = forms.DateTimeField(required=False)
    people = forms.IntegerField(required=False)


def errors(**typed):
    return AnyForm(typed).errors


def test_a_line_break_in_a_name_is_refused():
    assert "on one line" in errors(name="The Hall\nBcc: all@example.org")["name"][0]
    assert "on one line" in errors(name="The\tHall")["name"][0]
    assert not errors(name=" The Hall \r\n")


def test_line_breaks_are_kept_in_multi_line_fields():
    assert AnyForm({"notes": "one\r\ntwo\tthree"}).is_valid()


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x85", "\u2028"])
def test_invisible_characters_are_refused_everywhere(character):
    assert errors(name=f"a{character}b")["name"]
    assert errors(notes=f"a{character}b")["notes"]


def test_letters_of_every_script_are_accepted():
    for name in ("Zoë Łukasz", "فاطمة\u200cالزهراء", "শিউলি", "👩🏽\u200d🎓 Ana"):
        assert not errors(name=name)


@pytest.mark.parametrize("invisible", ["\u200b", "\u200d", "\ufeff", "\u00ad", "\u2060"])
def test_invisible_characters_are_removed_from_email_addresses(invisible):
    form = AnyForm({"email": f"zwtest@example.org{invisible}"})
    assert form.is_valid()
    assert form.cleaned_data["email"] == "zwtest@example.org"


@pytest.mark.parametrize("typed", ["9999-12-31", "0001-01-01", "1066-10-14"])
def test_an_implausible_year_is_refused(typed):
    assert "year from 1900" in errors(day=typed)["day"][0]
    assert "year from 1900" in errors(moment=f"{typed} 10:00")["moment"][0]


def test_a_number_too_large_for_the_database_is_refused():
    assert "too large" in errors(people="9223372036854775808")["people"][0]
    assert not errors(people="2147483647")


@pytest.mark.parametrize("blank", ["", " ", "\u00a0"])
def test_blanks_do_not_count_as_a_required_date(blank):
    field = DayMonthYearField()
    with pytest.raises(ValidationError) as refused:
        field.clean([blank, blank, blank])
    assert refused.value.code == "required"
    assert DayMonthYearField(required=False).clean([blank] * 3) is None


def test_a_date_in_three_boxes_needs_a_plausible_year():
    for year in ("9999", "27", "1"):
        with pytest.raises(ValidationError, match="year from 1900"):
            DayMonthYearField().clean(["1", "1", year])
    assert DayMonthYearField().clean(["1", "1", "2026"]) == datetime.date(2026, 1, 1)


def test_each_box_of_a_date_has_its_own_label_on_the_officers_pages_too():
    class DayForm(forms.Form):
        day = DayMonthYearField(label="First day")

    drawn = DayForm().as_div()
    for number, words in enumerate(("Day", "Month", "Year")):
        assert f'<label for="id_day_{number}">{words}</label>' in drawn
        assert f'id="id_day_{number}"' in drawn


def test_an_email_subject_is_one_line_whatever_the_name():
    assert one_line("About The Hall\r\nBcc: all@example.org") == (
        "About The Hall Bcc: all@example.org"
    )

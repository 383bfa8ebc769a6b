import datetime
import re

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, ButtonHolder, Column, Div, Fieldset, Layout, Row, Submit
from django import forms
from django.template import engines

from common.fields import DayMonthYearField
from common.forms import SampleForm


def draw(source, **context):
    loads = "{% load crispy_forms_tags %}"
    return engines["django"].from_string(loads + source).render(context)


def test_hints_and_errors_are_associated_with_their_field():
    page = draw("{{ form|crispy }}", form=SampleForm({}))

    box = re.search(r"<input[^>]*name=\"name\"[^>]*>", page).group()
    assert 'aria-describedby="id_name_helptext id_name_error"' in box
    assert 'aria-invalid="true"' in box
    assert "govuk-input govuk-input--error" in box
    assert 'id="id_name_error"' in page
    assert 'id="id_name_helptext"' in page


def test_optional_fields_say_so_and_required_ones_do_not():
    page = draw("{{ form|crispy }}", form=SampleForm())

    assert page.count("(optional)") == 2
    assert "*" not in page


def test_errors_name_the_field_and_what_to_do():
    page = draw("{{ form|crispy }}", form=SampleForm({}))

    assert "Error:</span> Fill in “Name”" in page
    assert "Choose an answer to “What kind of place”" in page
    assert "This field is required" not in page


def test_the_error_summary_links_to_the_first_control_of_each_field():
    form = SampleForm({})

    page = draw('{% include "common/_error_summary.html" with form=form only %}', form=form)
    body = draw("{{ form|crispy }}", form=form)

    for target in re.findall(r'href="#([^"]+)"', page):
        assert f'id="{target}"' in body, target
    assert "only here to be looked at" in page
    assert "only here to be looked at" not in body


def test_a_form_without_a_summary_still_shows_its_errors():
    assert "only here to be looked at" in draw("{{ form|crispy }}", form=SampleForm({}))


def test_radios_and_checkboxes_are_grouped_with_a_legend():
    page = draw("{{ form|crispy }}", form=SampleForm({"toilet": "no", "offers": ["quiet"]}))

    assert page.count("<fieldset") == 3
    assert re.search(r'value="no" checked', page)
    assert re.search(r'value="quiet" checked', page)
    assert "<legend" in page


def test_a_layout_renders_the_same_markup():
    form = SampleForm()
    form.helper = FormHelper()
    form.helper.layout = Layout(
        Fieldset("Who you are", "name", Row(Column("email"), Column("postcode"))),
        Div("notes"),
        HTML("<p>Thank you</p>"),
        ButtonHolder(Submit("save", "Save and go on")),
    )
    form.helper.add_input(Submit("later", "Come back later"))

    page = draw("{% crispy form %}", form=form, csrf_token="abc")

    assert page.count("<form") == 1
    assert 'enctype="multipart/form-data"' in page
    assert "Who you are</legend>" in page
    assert page.count("<button") == 2
    assert 'value="abc"' in page


def test_a_formset_renders_its_management_form():
    formset = forms.formset_factory(SampleForm, extra=2)()

    assert 'name="form-TOTAL_FORMS"' in draw("{{ formset|crispy }}", formset=formset)
    assert 'name="form-1-name"' in draw("{% crispy formset %}", formset=formset, csrf_token="x")


class DateForm(forms.Form):
    day = DayMonthYearField(required=False)


def written(day, month, year):
    return DateForm({"day_day": day, "day_month": month, "day_year": year})


@pytest.mark.parametrize("month", ["3", "03", "mar", "March", "MARCH"])
def test_a_month_may_be_a_number_or_a_name(month):
    form = written("27", month, "2026")

    assert form.is_valid()
    assert form.cleaned_data["day"] == datetime.date(2026, 3, 27)


@pytest.mark.parametrize(
    "parts",
    [("31", "2", "2026"), ("1", "x", "2026"), ("1", "m", "2026"), ("1", "1", ""), ("²",) * 3],
)
def test_an_invalid_date_is_explained_and_kept_in_the_boxes(parts):
    form = written(*parts)

    assert not form.is_valid()
    assert f'value="{parts[0]}"' in draw("{{ form|crispy }}", form=form)


def test_an_optional_date_may_be_blank():
    form = written("", "", "")

    assert form.is_valid()
    assert form.cleaned_data["day"] is None

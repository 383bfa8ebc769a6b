"""A scheme's wording and look: what the fields and database constraints refuse."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction

from common.colours import WHITE, check_colour, contrast, on_dark, text_on
from tests.factories import SchemeFactory
from venues.models import Scheme

pytestmark = pytest.mark.django_db


def test_a_new_scheme_has_neutral_wording():
    scheme = SchemeFactory()
    assert (scheme.noun, scheme.noun_plural) == ("safe space", "safe spaces")
    assert (scheme.runner, scheme.data_controller) == (scheme.council, scheme.council)


@pytest.mark.parametrize(
    "wrong",
    [
        {"noun": ""},
        {"noun": "  "},
        {"noun_plural": ""},
        {"sticker_title": " "},
        {"noun": "a" * 80},
        {"colour": "red"},
        {"colour": "#6B2A5B"},
        {"host": "Example.org"},
    ],
)
def test_database_constraints_refuse_unusable_wording_and_colours(wrong):
    scheme = SchemeFactory()
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        Scheme.objects.filter(pk=scheme.pk).update(**wrong)


def test_an_eighty_letter_noun_is_refused_in_words():
    scheme = SchemeFactory.build(noun="a" * 80)
    with pytest.raises(ValidationError) as refused:
        scheme.clean_fields(exclude=["opened_by"])
    assert "at most 40 characters" in str(refused.value)


def test_host_names_are_unique_but_may_be_blank():
    SchemeFactory(host="places.example.org")
    SchemeFactory(), SchemeFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        SchemeFactory(host="places.example.org")


@pytest.mark.parametrize("host", ["https://a.org", "a.org/x", "localhost", "a..org", "-a.org"])
def test_an_invalid_host_name_is_refused_in_words(host):
    with pytest.raises(ValidationError, match="host name"):
        SchemeFactory.build(host=host).clean_fields(exclude=["opened_by"])


def test_contrast_is_computed_as_in_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert text_on("#6b2a5b") == WHITE
    assert text_on("#ffbf3f") != WHITE


@pytest.mark.parametrize("colour", ["#6b2a5b", "#000000", "#ffffff", "#ffbf3f"])
def test_a_colour_with_readable_text_is_accepted(colour):
    check_colour(colour)
    assert contrast(text_on(colour), colour) >= 4.5


@pytest.mark.parametrize("colour", ["#8a8a8a", "#848484"])
def test_a_colour_with_no_readable_text_is_refused_with_its_contrast(colour):
    with pytest.raises(ValidationError, match=r"contrast is 4\.\d to 1"):
        check_colour(colour)


@pytest.mark.parametrize("colour", ["#6b2a5b", "#000000", "#0a1420", "#ffbf3f"])
def test_a_colour_is_lightened_on_dark_pages_just_enough_to_stand_out(colour):
    lightened = on_dark(colour)
    assert contrast(lightened, "#15262d") >= 3
    if contrast(colour, "#15262d") >= 3:
        assert lightened == colour
    else:
        assert contrast(lightened, "#15262d") < 3.2

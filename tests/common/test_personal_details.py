"""Phone numbers, email addresses and dates of birth are found in venues' free text."""

import time

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from common.personal_details import personal_details_in, refuse_personal_details


@pytest.mark.parametrize(
    "text",
    [
        "call her on 07700 900123",
        "07700-900-123",
        "(01632) 960 001",
        "+44 7700 900123 in the evening",
        "0044 7700900123",
        "number is 01632.960.001.",
        "number is 960 0011",
        "07700\u200b900123",
        "０７７００９００１２３",
    ],
)
def test_a_phone_number_is_found(text):
    assert "telephone" in personal_details_in(text)[0]


@pytest.mark.parametrize(
    "text",
    [
        "sam@example.org",
        "Sam.Smith+x@mail.example.co.uk came",
        "sam (at) example.org",
        "sam at example dot org",
        "sam @ example.org",
    ],
)
def test_an_email_address_is_found(text):
    assert "e-mail" in personal_details_in(text)[0]


@pytest.mark.parametrize(
    "text",
    [
        "12/03/1998",
        "12.3.98",
        "1998-03-12",
        "born 1998",
        "DOB 120398",
        "d.o.b.: 12 03 1998",
        "12 March 1998",
        "12th of March 1998",
        "March 12, 1998",
        "she is from 3 Sept '07",
    ],
)
def test_a_date_of_birth_is_found(text):
    assert "date" in personal_details_in(text)[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Two people at once on a Friday in March.",
        "We called 999 once, 101 twice and the 0300 line.",
        "Our 12 volunteers did 3 of 4 modules in 2025-2026.",
        "Open 18:00-02:00 from 1 to 12 December.",
        "A third of 1,250 people knew the sign.",
        "We met at the door at 9.",
        "Since 2024 we have had 2 sofas.",
    ],
)
def test_ordinary_remarks_are_accepted(text):
    assert personal_details_in(text) == []


def test_each_finding_is_named_once():
    found = personal_details_in("Ring 07700 900123 or sam@example.org, born 12/03/1998")
    assert len(found) == 3
    with pytest.raises(ValidationError) as refused:
        refuse_personal_details("sam@example.org, 07700 900123")
    assert "sam@example.org" in refused.value.messages[0]
    assert "07700 900123" in refused.value.messages[0]


@given(
    before=st.text(alphabet=st.characters(categories=["Ll", "Lu", "Zs"]), max_size=20),
    digits=st.integers(1_000_000_000, 9_999_999_999),
    gaps=st.lists(st.sampled_from(["", " ", "-", ".", " - "]), min_size=10, max_size=10),
)
def test_spacing_does_not_hide_a_number(before, digits, gaps):
    number = "0" + "".join(digit + gap for digit, gap in zip(str(digits), gaps, strict=True))
    assert personal_details_in(f"{before} {number.strip(' .-')} {before}")


@given(st.text(max_size=300))
def test_any_text_can_be_searched_without_an_error(text):
    personal_details_in(text)


@pytest.mark.parametrize("piece", ["a", "1", "1 ", "a at ", "a(", "born ", "+ (", "1 jan ", "a@"])
def test_search_time_grows_linearly_with_the_text(piece):
    """A quadratic pattern once took 16 seconds for 300 kB of any of these."""
    text = (piece * 300_000)[:300_000] + "a"
    started = time.perf_counter()
    personal_details_in(text)
    assert time.perf_counter() - started < 2

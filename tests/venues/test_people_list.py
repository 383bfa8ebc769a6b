"""A pasted list of people is read as its writer meant it, and says what it cannot read."""

import pytest

from tests.factories import StaffMemberFactory, VenueFactory
from venues.people_lists import compared, read_people


def read(text):
    return [(each.name, each.email) for each in read_people(text) if not each.problem]


def problems(text):
    return {each.line: each.problem for each in read_people(text) if each.problem}


JO = ("Jo", "jo@example.org")


@pytest.mark.parametrize(
    "line",
    [
        "Jo <jo@example.org>",
        "Jo, jo@example.org",
        "Jo,jo@example.org,",
        "Jo; jo@example.org",
        "Jo;jo@example.org;",
        "Jo\tjo@example.org",
        "Jo | jo@example.org",
        "Jo jo@example.org",
        "jo@example.org, Jo",
        "jo@example.org\tJo",
        "1. Jo <jo@example.org>",
        "12) Jo, jo@example.org",
        "3\tJo\tjo@example.org",
        "(4) Jo jo@example.org",
        "- Jo: jo@example.org",
        "• Jo – jo@example.org",
        "*Jo (jo@example.org)",
        '"Jo" <jo@example.org>',
        '"Jo","jo@example.org"',
        "Jo <mailto:jo@example.org>",
        "  Jo\u00a0<jo@example.org>\u200b ",
    ],
)
def test_one_person_is_read_however_the_line_is_written(line):
    assert read(line) == [JO]
    assert problems(line) == {}


@pytest.mark.parametrize(
    "text",
    [
        "Jo <jo@example.org>; Sam <sam@example.org>",
        "Jo <jo@example.org>, Sam <sam@example.org>,",
        "Jo, jo@example.org; Sam, sam@example.org",
        "Name, E-mail address\nJo, jo@example.org\n\n\nSam, sam@example.org\n",
        "No.\tName\tEmail\n1\tJo\tjo@example.org\n2\tSam\tsam@example.org",
        "Jo jo@example.org\r\nSam sam@example.org",
    ],
)
def test_several_people_are_read_from_one_line_or_many(text):
    assert read(text) == [JO, ("Sam", "sam@example.org")]
    assert problems(text) == {}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Jo", "Jo"),
        ("Mary-Jane O’Neill", "Mary-Jane O’Neill"),
        ("Jo\tSmith", "Jo Smith"),
        ("5. Żaneta", "Żaneta"),
        ("李小龍", "李小龍"),
        ("J.Smith", "J.Smith"),
    ],
)
def test_a_name_alone_is_enough(line, name):
    assert read(line) == [(name, "")]


def test_names_alone_may_be_separated_by_semicolons():
    assert read("Jo; Sam; Lee") == [("Jo", ""), ("Sam", ""), ("Lee", "")]


def test_surnames_written_first_by_an_address_book_are_reordered():
    assert read('"Smith, Jo" <jo@example.org>') == [("Jo Smith", "jo@example.org")]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Jo <jo@>", "“jo@” is not a whole e-mail address."),
        ("Jo, jo@example", "not a whole e-mail address"),
        ("Jo, @example.org", "not a whole e-mail address"),
        ("Jo\tjo.example.org", "“jo.example.org” is not a whole e-mail address."),
        ("jo@example.org", "Write a name beside “jo@example.org”."),
        ("Jo, Sam, Lee", "one person or several"),
        ("Smith, Jo", "one person or several"),
        ("Jo 07700 900123", "There is a number"),
        ("Jo, jo@example.org, sam@example.org", "more than one address"),
        ("Jo; jo@example.org; Sam; sam@example.org", "more than one address"),
        ("J" * 61, "too long for a name"),
    ],
)
def test_an_unreadable_line_is_reported_with_its_number(line, says):
    assert says in problems(f"Kim\n\n{line}")[3]
    assert read(f"Kim\n\n{line}") == [("Kim", "")]


@pytest.mark.django_db
def test_duplicates_are_found_in_the_list_at_the_place_and_at_other_places():
    venue = VenueFactory()
    branch = VenueFactory(organisation=venue.organisation, name="Mill Lane")
    hidden = VenueFactory(organisation=venue.organisation)

    def person(name, email, at):
        return StaffMemberFactory(
            organisation=venue.organisation, venue=at, first_name=name, email=email
        )

    person("Jo", "jo@example.org", venue)
    kim = person("Kim", "kim@example.org", branch)
    person("Lee", "lee@example.org", hidden)
    text = """Josephine, JO@example.org
        Jo
        Kim Ito, kim@example.org
        Lee, lee@example.org
        Ann
        Ann, ann@example.org
        Ann, other@example.org"""
    found = compared(read_people(text), venue, [venue, branch])
    said = [(each.doubt, each.known, each.elsewhere) for each in found]
    assert said == [
        ("Perhaps here already, as “Jo”.", None, ""),
        ("Perhaps here already, as “Jo”.", None, ""),
        ("", kim, "Mill Lane"),
        ("", None, ""),  # a place that this manager does not look after
        ("", None, ""),
        ("Perhaps twice in this list: see line 5.", None, ""),
        ("Perhaps twice in this list: see line 5.", None, ""),
    ]

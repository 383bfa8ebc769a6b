"""Things that people type, and the location that each means."""

import datetime
import time

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db import connection
from django.test.utils import CaptureQueriesContext

from geography.models import Area, PlaceName, Postcode
from geography.rules import locate, why_unknown
from geography.spelling import SHORT_NAMES

pytestmark = pytest.mark.django_db
WEST, SOUTH = 440_000, 110_000


def area(name, column=0, row=0, *, kind="ward", parent="", size=2_000, code="", year=2025):
    west, south = WEST + 2_000 * column, SOUTH + 2_000 * row
    box = Polygon.from_bbox((west, south, west + size, south + size))
    return Area.objects.create(
        code=code or f"{kind}{name}{parent}"[:20],
        name=name,
        kind=kind,
        vintage=year,
        parent_name=parent,
        boundary=MultiPolygon(box, srid=27700),
    )


def place(name, kind="suburb", *, x=WEST + 900, y=SOUTH + 900, **more):
    return PlaceName.objects.create(
        reference=f"{kind} {name} {x} {y}"[:40], name=name, kind=kind, point=point(x, y), **more
    )


def point(x, y):
    return Point(x, y, srid=27700)


@pytest.fixture(autouse=True)
def town():
    """Marrowby with its wards, suburbs and postcodes, and Eastport with a Shirley of its own."""
    for n, name in enumerate(["Harbour", "Old Town", "St Brannock’s", "Shirley", "Hull Road"]):
        area(name, n, parent="Marrowby")
    area("Marrowby", kind="district", size=10_000)
    area("Shirley", 30, parent="Eastport")
    area("Eastport, City of", 30, kind="district")
    area("Ynys Môn", 40, kind="district")
    area("Isle of Fenn", 42, kind="district")
    area("Fulham and Fernley", 48, kind="district")
    area("Fulham Broadway", 49, parent="Fulham and Fernley")
    area("Stoke-on-Sea", 45, kind="district")
    county = {"district": "Marrowby", "county": "Northshire"}
    place("Marrowby", "town", x=WEST + 5_000, y=SOUTH + 5_000, **county)
    place("Thornhay", "village", x=WEST + 8_000, y=SOUTH + 8_000, **county)
    place("Great Fenny & Holme", "village", x=WEST + 9_000, y=SOUTH + 8_000, **county)
    place("Quay Lane", "street", x=WEST + 4_100, y=SOUTH + 5_100, town="Marrowby", **county)
    place("Thornhay Station", "station", x=WEST + 8_100, y=SOUTH + 8_000, town="Marrowby", **county)
    place("Newport", "town", x=WEST + 84_000, county="Isle of Fenn")
    place("Newport", "town", x=WEST + 60_000, county="Southshire")
    place("Llŷn", "settlement", x=WEST + 90_000)
    place("Inverness", "city", x=WEST + 99_000, name_alt="Inbhir Nis")
    place("Newton", "village", x=WEST + 7_000, y=SOUTH + 3_000, **county)
    place("Newton", "hamlet", x=WEST + 50_000, y=SOUTH, county="Southshire")
    for number, (postcode, x) in enumerate(
        [("ZX1 1AA", 100), ("ZX1 1AB", 200), ("ZX1 2AA", 600), ("ZX10 7LP", 900), ("SO14 0AA", 0)]
    ):
        Postcode.objects.create(
            postcode=postcode,
            outward=postcode.split()[0],
            quality=10,
            point=point(WEST + x, SOUTH + number),
        )
    ended = {"quality": 10, "in_use": False, "outward": "ZX1"}
    march = datetime.date(2019, 3, 1)
    here = point(WEST + 300, SOUTH)
    Postcode.objects.create(postcode="ZX1 3AA", point=here, ended_on=march, **ended)
    Postcode.objects.create(postcode="ZX1 3AB", point=here, **ended)
    Postcode.objects.create(postcode="ZX1 1AC", ended_on=march, **ended)
    Postcode.objects.create(postcode="ZX99 1AA", ended_on=march, **ended | {"outward": "ZX99"})
    Postcode.objects.create(postcode="ZX1 1AD", quality=90, outward="ZX1")


def found(text):
    location = locate(text)
    if location is None:
        return None
    if location.kind == "choices":
        return [choice.label for choice in location.choices]
    return location.label


POSTCODES = [
    ("ZX1 1AA", "ZX1 1AA"),
    ("zx11aa", "ZX1 1AA"),
    (" Zx1  1aA. ", "ZX1 1AA"),
    ("ZX1-1AA", "ZX1 1AA"),
    ("zx1.1aa", "ZX1 1AA"),
    ("ZX11 AA", "ZX1 1AA"),
    ("Z X 1 1 A A", "ZX1 1AA"),
    ("ZX1 1AA, UK", "ZX1 1AA"),
    ("31 Quay Lane, Marrowby, ZX1 1AA", "ZX1 1AA"),
    ("31 Quay Lane Marrowby zx11aa", "ZX1 1AA"),
    ("ZX1 1AA 31 Quay Lane", "ZX1 1AA"),
    ("10 High Street,\nMarrowby\nZX1 1AA", "ZX1 1AA"),
    ("my postcode is ZX1 1AA please", "ZX1 1AA"),
    ("(ZX1 1AA)", "ZX1 1AA"),
    ("“ZX1 1AA”", "ZX1 1AA"),
    ("ZXl 1AA", "ZX1 1AA"),
    ("ZXI IAA", "ZX1 1AA"),
    ("zxl laa", "ZX1 1AA"),
    ("ZX1O 7LP", "ZX10 7LP"),
    ("zxlo 7lp", "ZX10 7LP"),
    ("ZX10 71P", "ZX10 7LP"),
    ("S014 0AA", "SO14 0AA"),
    ("SO14 OAA", "SO14 0AA"),
    ("SOl4 OAA", "SO14 0AA"),
    ("near SOI4 OAA", "SO14 0AA"),
    ("ZX1\u200b 1AA\u200f", "ZX1 1AA"),
    ("\ufeffZX1\u00a01AA", "ZX1 1AA"),
    ("ZX1\x001AA", "ZX1 1AA"),
    ("ＺＸ１ １ＡＡ", "ZX1 1AA"),
    ("🏠 ZX1 1AA 🙏", "ZX1 1AA"),
    ("ZX1 9ZZ or ZX1 1AB", "ZX1 1AB"),
]
PARTS = [
    ("zx1", "ZX1"),
    ("near so14", "SO14"),
    ("Marrowby, ZX1", "ZX1"),
    ("ZX1 2", "ZX1 2"),
    ("ZX1 1A", "ZX1 1"),
    ("zx12", "ZX1 2"),
    ("ZX1 1ZZ", "ZX1 1"),
    ("ZX1 9ZZ", "ZX1"),
    ("31 Quay Lane, Marrowby, ZX1 1ZZ", "ZX1 1"),
    ("ZXl", "ZX1"),
]
MARROWBY = "Marrowby, Northshire"
NAMES = [
    ("Marrowby", "Marrowby, Northshire"),
    ("MARROWBY", "Marrowby, Northshire"),
    ("marrowby town centre", "Marrowby, Northshire"),
    ("near Marrowby", "Marrowby, Northshire"),
    ("nr. marrowby", "Marrowby, Northshire"),
    ("I am in Marrowby", "Marrowby, Northshire"),
    ("Marrowby, Northshire, England", "Marrowby, Northshire"),
    ("Old Town Marrowby", "Old Town, Marrowby"),
    ("Old Town, Marrowby", "Old Town, Marrowby"),
    ("marrowby old town", "Old Town, Marrowby"),
    ("the harbour", "Harbour, Marrowby"),
    ("St Brannocks", "St Brannock’s, Marrowby"),
    ("Saint Brannock", "St Brannock’s, Marrowby"),
    ("st. brannock's", "St Brannock’s, Marrowby"),
    ("shirley marrowby", "Shirley, Marrowby"),
    ("Shirley in Eastport", "Shirley, Eastport"),
    ("eastport", "Eastport, City of"),
    ("City of Eastport", "Eastport, City of"),
    ("ynys mon", "Ynys Môn"),
    ("stoke on sea", "Stoke-on-Sea"),
    ("fenn", "Isle of Fenn"),
    ("Fulham", "Fulham and Fernley"),
    ("stoke", "Stoke-on-Sea"),
    ("great fenny and holme", "Great Fenny & Holme, Marrowby"),
    ("Gt Fenny and Holme", "Great Fenny & Holme, Marrowby"),
    ("Quay Lane", "Quay Lane, Marrowby"),
    ("quay ln, marrowby", "Quay Lane, Marrowby"),
    ("Northshire", "Northshire"),
]
ADDRESSES = [
    ("31 Quay Lane, Marrowby", "Quay Lane, Marrowby", ""),
    ("31 Quay Lane", "Quay Lane, Marrowby", ""),
    ("31a quay lane marrowby", "Quay Lane, Marrowby", ""),
    ("Flat 2, 31 Quay Lane, Marrowby", "Quay Lane, Marrowby", ""),
    ("Marrowby, 31 Quay Lane", "Quay Lane, Marrowby", ""),
    ("Lantern House, Quay Lane, Marrowby", "Quay Lane, Marrowby", "not the house"),
    ("opposite the Red Lion, Quay Lane, Marrowby", "Quay Lane, Marrowby", "not the house"),
    ("Lantern House, Castle Street, Marrowby", MARROWBY, "not the street"),
    ("10 High Street, Marrowby, Northshire", MARROWBY, "not the street"),
    ("10 High Street, Marrowby, Northshire, UK", MARROWBY, "not the street"),
    ("10 High Street, Marroby", MARROWBY, "not the street"),
    ("Quay Lane, Eastport", "Eastport, City of", "not the street"),
    ("Marrowby station", MARROWBY, "not the rest"),
    ("Marrowby bus station", MARROWBY, "not the rest"),
    ("Marrowby Central Station", MARROWBY, "not the rest"),
    ("near Marrowby train station", MARROWBY, "not the rest"),
    ("Marrowby High Street", MARROWBY, "not the street"),
    ("the library in Marrowby", MARROWBY, "not the rest"),
    ("opposite the Red Lion, Marrowby", MARROWBY, "not the rest"),
    ("behind the big Tesco in marrowby", MARROWBY, "not the rest"),
    ("there is a man following me in Marrowby", MARROWBY, "not the rest"),
    ("going from the station to Marrowby, quickly", MARROWBY, "not the rest"),
    ("Help, I’m lost in Marrowby!", MARROWBY, ""),
    ("hi I need a safe place near marrowby please", MARROWBY, ""),
    ("I'm scared and lost near ZX1 1AA", "ZX1 1AA", ""),
    ("Thornhay Station", "Thornhay Station, Marrowby", ""),
    ("thornhay station marrowby", "Thornhay Station, Marrowby", ""),
    ("Newport Isle of Fenn", "Newport, Isle of Fenn", ""),
    ("newport, isle of fenn", "Newport, Isle of Fenn", ""),
    ("Shirley, Eport", "Shirley, Eastport", ""),
    ("m'by", MARROWBY, ""),
    ("Llŷn", "Llŷn", ""),
    ("llyn", "Llŷn", ""),
    ("Inbhir Nis", "Inverness", ""),
    ("inverness", "Inverness", ""),
    ("Ynys Môn / Anglesey", "Ynys Môn", "not the rest"),
    ("M̷̢̛a̴̢r̶̡r̵̛o̷w̸̢b̵̨y̶", MARROWBY, ""),
    ("Z̸̢X̷̛1̵̢ ̴1̶̨A̷̢A̸̛", "ZX1 1AA", ""),
    ("أنا في ZX1 1AA", "ZX1 1AA", ""),
    ("ZX١ ١AA", "ZX1 1AA", ""),
    ("Z.X.1-1.A.A", "ZX1 1AA", ""),
    ("ZX1·1AA", "ZX1 1AA", ""),
    ("zx1_1aa", "ZX1 1AA", ""),
    ("ZX1—1AA", "ZX1 1AA", ""),
    ("postcode:zx11aa!!", "ZX1 1AA", ""),
]
SPOT, SQUARE = "the spot you typed", "the square you typed"
COORDINATES = [
    ("51.0632,-1.3080", SPOT),
    ("51.0632 -1.3080", SPOT),
    ("−1.3080, 51.0632", SPOT),
    ("51,0632; -1,3080", SPOT),
    ("I am at 51.0632, -1.3080 help", SPOT),
    ("lat 51.0632 long -1.3080", SPOT),
    ("Latitude: 51.0632, Longitude: -1.3080", SPOT),
    ("51.0632° N, 1.3080° W", SPOT),
    ("51°03′47.5″N 1°18′28.8″W", SPOT),
    ("51° 3.792' N, 1° 18.480' W", SPOT),
    ("N51 03 47.5 W1 18 28.8", None),
    ("51 03 47.5 N 1 18 28.8 W", SPOT),
    ("51.06,-1.31", SQUARE),
    ("SU 485 295", SPOT),
    ("su485295", SPOT),
    ("Grid reference: SU 48500 29500", SPOT),
    ("SU 48 29", SQUARE),
    ("448500 129500", SPOT),
    ("9C3W3M7R+7R", SPOT),
    ("geo:51.0632,-1.3080", SPOT),
    ("https://www.google.com/maps/@51.0632,-1.3080,15z", SPOT),
    ("https://www.google.co.uk/maps/place/X/@51.2,-1.6,9z/data=!4m2!3d51.0632!4d-1.3080", SPOT),
    ("https://maps.google.com/?q=51.0632,-1.3080", SPOT),
    ("https://www.google.com/maps/search/?api=1&query=51.0632%2C-1.3080", SPOT),
    ("https://maps.apple.com/?ll=51.0632,-1.3080&q=Dropped%20Pin", SPOT),
    ("maps.apple.com/place?coordinate=51.0632,-1.3080&name=ZX1%201AA", SPOT),
    ("https://www.openstreetmap.org/?mlat=51.0632&mlon=-1.3080#map=9/51.5/-1.9", SPOT),
    ("my pin https://maps.google.com/?q=51.0632,-1.3080 thanks", SPOT),
]
NO_COORDINATES = [
    "https://maps.app.goo.gl/AbCd1234",
    "https://maps.google.com/?q=ZX1+1AA",  # nothing but coordinates is read from a link
    "https://www.google.com/maps/place/Marrowby",
    "10.30 11.45",
    "51.0632",
    "SU481",
    "07700 900123",
]
MISSPELT = [
    ("Marroby", "Marrowby, Northshire"),
    ("Marrrowby", "Marrowby, Northshire"),
    ("Marorwby", "Marrowby, Northshire"),
    ("Thornhey", ["Thornhay, Marrowby"]),
    ("Thronhay", "Thornhay, Marrowby"),
    ("shirly marrowby", "Shirley, Marrowby"),
    ("Farrowby", ["Marrowby, Northshire"]),
]
SEVERAL = [
    ("Shirley", ["Shirley, Eastport", "Shirley, Marrowby"]),
    ("Newton", ["Newton, Marrowby", "Newton, Southshire"]),
    ("Hull", ["Hull Road, Marrowby"]),
]
NOTHING = [
    "",
    " ",
    "x",
    "?",
    "🙏🙏",
    "مارووبي",
    "Лондон",
    "\u202e\u202d",
    "''--",
    "%_%",
    "help",
    "1",
]


@pytest.mark.parametrize(("text", "label"), POSTCODES)
def test_a_postcode_is_found_wherever_and_however_it_is_typed(text, label):
    location = locate(text)
    assert (location.kind, location.label) == ("postcode", label)


@pytest.mark.parametrize(("text", "label"), PARTS)
def test_a_postcode_known_only_in_part_gives_its_sector_or_district(text, label):
    location = locate(text)
    assert (location.kind, location.label) == ("sector" if " " in label else "outward", label)
    assert bool(location.missing) == ("ZZ" in text)


@pytest.mark.parametrize(
    ("text", "kind", "label", "words"),
    [
        ("ZX1 3AA", "postcode", "ZX1 3AA", "it ended in March 2019. We looked from where it was."),
        ("31 Quay Lane, zx13aa", "postcode", "ZX1 3AA", "ended in March 2019"),
        ("ZX1 3AB", "postcode", "ZX1 3AB", "no longer in use. We looked from where it was."),
        ("ZX1 1AC", "sector", "ZX1 1", "March 2019. We looked from the middle of ZX1 1."),
        ("ZX1 1AD", "sector", "ZX1 1", "ZX1 1AD is in use, but its list does not say where it is."),
        ("ZX1 3AC", "outward", "ZX1", "We do not have ZX1 3AC"),
        ("ZX1 3AA or ZX1 1AB", "postcode", "ZX1 1AB", ""),
    ],
)
def test_a_terminated_postcode_is_found_at_its_former_location_and_says_so(
    text, kind, label, words
):
    location = locate(text)
    assert (location.kind, location.label) == (kind, label)
    assert words in location.remark
    assert bool(words) == bool(location.remark)


def test_a_terminated_postcode_without_a_location_is_not_reported_as_unknown():
    assert locate("ZX99 1AA") is None
    unknown = why_unknown("ZX99 1AA")
    assert unknown.kind == "not located"
    assert unknown.trouble == "ZX99 1AA is no longer in use: it ended in March 2019."


@pytest.mark.parametrize(("text", "label"), NAMES + MISSPELT + SEVERAL)
def test_a_name_is_found_as_people_write_it(text, label):
    assert found(text) == label


@pytest.mark.parametrize("text", NOTHING)
def test_text_that_is_not_a_name_is_not_found(text):
    assert locate(text) is None
    assert why_unknown(text).kind == "unknown"


@pytest.mark.parametrize(("text", "label", "words"), ADDRESSES)
def test_an_address_or_a_sentence_gives_the_finest_place_that_is_known_and_says_what_is_not(
    text, label, words, monkeypatch
):
    monkeypatch.setitem(SHORT_NAMES, "eport", "Eastport")
    monkeypatch.setitem(SHORT_NAMES, "mby", "Marrowby")
    location = locate(text)
    assert found(text) == label
    assert (words in location.remark) if words else not location.remark.startswith("We found")


@pytest.mark.parametrize(("text", "label"), COORDINATES)
def test_coordinates_and_map_links_are_read_without_the_database(text, label):
    with CaptureQueriesContext(connection) as caught:
        location = locate(text)
    if label is None:
        assert location is None
        return
    assert location.label == label
    assert location.point.distance(point(448_589, 129_546)) < 800
    assert len(caught) == 0


@pytest.mark.parametrize("text", NO_COORDINATES)
def test_what_has_no_coordinates_is_no_place(text):
    assert locate(text) is None


def test_coordinates_abroad_are_called_so():
    for text in ("48.8566, 2.3522", "https://maps.google.com/?q=40.7128,-74.0060"):
        assert locate(text) is None
        assert why_unknown(text).kind == "abroad"


def test_a_grid_reference_that_could_be_a_postcode_is_one_only_when_written_as_one():
    assert found("SO14 0") == "SO14 0"
    assert locate("SO14 07").kind == "outward"
    assert locate("SO 14 07").kind == "square"


def test_two_towns_are_offered_when_neither_lies_in_the_other():
    assert found("Marrowby Eastport") == [MARROWBY, "Eastport, City of"]
    assert found("between Eastport and Marrowby") == [MARROWBY, "Eastport, City of"]


def test_a_town_of_which_only_the_county_is_known_offers_the_county():
    assert found("Kirkhaven Isle of Fenn") == ["Isle of Fenn"]
    assert locate("Kirkhaven Isle of Fenn").is_guess


def test_an_address_in_an_unknown_street_gives_the_town_and_says_so():
    for text in ("10 High Street, Marrowby", "10 High Street Marrowby"):
        location = locate(text)
        assert location.label == "Marrowby, Northshire"
        assert "High Street" in location.missing
    assert not locate("Marrowby").missing


def test_a_towns_own_centre_takes_precedence_over_its_districts():
    assert locate("Marrowby").point.coords == (WEST + 5_000, SOUTH + 5_000)


def test_a_misspelt_name_is_marked_as_a_guess_and_a_correct_one_is_not():
    assert locate("Marroby").is_guess
    assert not locate("Marrowby").is_guess


def test_only_a_few_choices_are_offered_best_first():
    for n in range(30):
        place("Longwood", "village", x=WEST + 10_000 + n * 500, county=f"County {n}")
    place("Longwood", "town", x=WEST + 90_000, county="Westshire")
    labels = found("longwood")
    assert labels[0] == "Longwood, Westshire"
    assert len(labels) == 6


@pytest.mark.parametrize(
    ("text", "kind", "where"),
    [
        ("EH1 1AA", "outside", "Scotland"),
        ("12 Royal Mile, Edinburgh, EH1 1AA", "outside", "Scotland"),
        ("eh1", "outside", "Scotland"),
        ("BT1 1AA", "outside", "Northern Ireland"),
        ("CF10 1AA", "outside", "Wales"),
        ("IM1 1AA", "outside", "the Isle of Man"),
        ("JE2 3XX", "outside", "Jersey"),
        ("GY1 1AA", "outside", "Guernsey, Alderney or Sark"),
        ("LS1 1AA", "outside", "England"),
        ("CH1 1AA", "outside", ""),  # on both sides of a border
        ("Edinburgh", "outside", "Scotland"),
        ("near Edinburgh", "outside", "Scotland"),
        ("12 Royal Mile, Edinburgh", "outside", "Scotland"),
        ("B’ham", "outside", "England"),
        ("isle of man", "outside", "the Isle of Man"),
        ("SO99 1AA", "no such postcode", ""),
        ("QQ1 1AA", "no such postcode", ""),
        ("Nowhereton", "unknown", ""),
    ],
)
def test_outside_the_area_is_distinguished_from_unknown(text, kind, where):
    assert locate(text) is None
    unknown = why_unknown(text)
    assert (unknown.kind, unknown.where) == (kind, where)


LONG = [
    "É" * 5000,
    "🙏" * 5000,
    "a b " * 1250,
    "A1 " * 1666,
    "so14 7l " * 600,
    "ﷺ" * 5000,
    "\0" * 5000,
    "marrowby " * 550,
    "x" * 5000,
    "ZX1 " * 1250,
    "()[]{}\\'\";--" * 400,
]


@pytest.mark.parametrize("text", LONG)
def test_five_thousand_characters_are_answered_quickly(text):
    locate(text)  # plans and the connection are warm
    started = time.process_time()
    locate(text)
    why_unknown(text)
    assert time.process_time() - started < 0.1


def test_a_postcode_at_the_end_of_five_thousand_characters_is_found():
    assert found("help me " * 620 + "ZX1 1AA") == "ZX1 1AA"


def queries(text):
    with CaptureQueriesContext(connection) as caught:
        locate(text)
    return len(caught)


def test_a_known_location_takes_one_query_and_an_unknown_one_a_few():
    ones = ["ZX1 1AA", "ZX1 3AA", "zx1", "Marrowby", "Old Town, Marrowby", "near zx11aa"]
    assert {text: queries(text) for text in ones} == dict.fromkeys(ones, 1)
    assert max(queries(text) for text in [*NOTHING, *LONG, "SO99 1AA", "Nowhereton"]) <= 7


def test_the_database_and_python_agree_on_the_key_of_a_name():
    from geography.spelling import place_key

    names = ["The Saint Mary’s & Holy-Rood", "Bristol, City of", "City of London", "Ŵyre", "St."]
    names += ["Newcastle upon Tyne", "London Borough of Brent", "The  Mount, Great Road", "İzmir ß"]
    for number, name in enumerate(names):
        made = place(name, x=WEST + number)
        made.refresh_from_db()
        assert made.key == place_key(name)


def test_names_are_looked_up_by_index_even_when_misspelt():
    from geography.names import NAMED, SIMILAR

    PlaceName.objects.bulk_create(
        PlaceName(reference=f"p{n}", name=f"Place {n}", kind="village", point=point(WEST, SOUTH))
        for n in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE geography_placename")
        cursor.execute("SET LOCAL enable_seqscan = off")  # 3,000 rows are few
        cursor.execute(f"EXPLAIN {NAMED}", {"keys": ["marrowby"]})
        assert "Seq Scan on geography_placename" not in str(cursor.fetchall())
        cursor.execute(f"EXPLAIN {SIMILAR}", {"key": "marroby"})
        assert "place_name_key_trigrams" in str(cursor.fetchall())


def test_many_new_names_do_not_cause_a_full_scan():
    """GIN's list of pending entries would, until the next vacuum."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, reloptions FROM pg_class WHERE relname IN"
            " ('area_key_trigrams', 'place_name_key_trigrams', 'venue_name_trigrams')"
        )
        assert len(found := dict(cursor.fetchall())) == 3
    assert all("fastupdate=off" in options for options in found.values())

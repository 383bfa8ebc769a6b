"""A scheme as one file: errors are reported by line, and a round trip changes nothing."""

import datetime
import tomllib
from io import BytesIO, StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from common.refusals import Refused
from partnership.actions.returns import set_up_returns
from partnership.models import ReturnItem, Series
from tests.factories import SchemeFactory
from training.actions import add_module
from training.content import VersionText
from training.models import Module
from venues.logos import redraw_logo
from venues.models import (
    Cadence,
    Criterion,
    Event,
    Principle,
    Requirement,
    Scheme,
    SchemeContact,
    Theme,
    Venue,
)
from venues.packs import available, create_scheme, export_scheme, load_pack, text_of

pytestmark = pytest.mark.django_db

PACK = """
[scheme]
name = "Safe Havens"
council = "Example Council"
contact_email = "team@example.org"

[[principles]]
title = "A calm place"
wording = "We have a chair."
"""

QUESTION = """
[[criteria]]
slug = "{0}"
about = "venue"
theme = "space"
question = "Q?"
"""


def problems_of(text, **overrides):
    """The errors it is refused for; checks that nothing was written."""
    with pytest.raises(Refused) as refused:
        load_pack(text, **overrides)
    assert not Scheme.objects.exists()
    assert not Module.objects.exists()
    assert not Event.objects.exists()
    return [str(reason) for reason in refused.value.reasons]


# What a pack makes


def test_winchesters_pack_makes_a_complete_scheme():
    scheme = create_scheme(
        "spaces_of_sanctuary", council="Winchester", contact_email="team@example.org"
    )
    assert scheme.principles.count() == 7
    assert Requirement.objects.filter(principle__scheme=scheme).count() == 7
    assert (scheme.noun, scheme.sticker_title) == ("Space of Sanctuary", "Space of Sanctuary")
    assert scheme.series.name == "Social Inclusion Partnership"
    assert scheme.return_settings.due_after_days == 28
    assert ReturnItem.objects.filter(scheme=scheme, kind="reason", label="Unwell").exists()
    introductory = Module.objects.get(slug="introductory")
    assert introductory.sections.count() == 9
    assert introductory.reviewed_version is None
    assert Module.objects.count() == 11
    assert all([scheme.has_meetings, scheme.has_returns, scheme.has_stickers])


def test_a_second_scheme_shares_training_imported_with_the_first():
    for name in ("One", "Two"):
        create_scheme(
            "spaces_of_sanctuary", name=name, council="C", contact_email="team@example.org"
        )
    assert Module.objects.count() == 11
    assert {module.version for module in Module.objects.all()} == {1}


def test_a_scheme_without_meetings_needs_no_meeting_settings():
    scheme = load_pack(PACK.replace('name = "S', 'meetings_every = "none"\nname = "S'))
    assert not scheme.has_meetings
    assert not Series.objects.exists()


@pytest.mark.parametrize("pack", available())
def test_every_bundled_pack_survives_a_round_trip(pack):
    scheme = create_scheme(pack, council="Example", contact_email="team@example.org")
    once = export_scheme(scheme)
    again = load_pack(once, name="Another", slug="another")
    assert without_names(export_scheme(again)) == without_names(once)
    for section in ("principles", "requirements", "modules"):
        assert len(tomllib.loads(once)[section]) == len(tomllib.loads(text_of(pack))[section])


def without_names(text):
    data = tomllib.loads(text)
    del data["scheme"]["name"], data["scheme"]["slug"]
    return data


def test_the_commands_write_a_file_that_recreates_the_scheme(tmp_path):
    SchemeFactory(slug="mine", name="Mine", noun="Haven")
    out = StringIO()
    call_command("export_scheme", "mine", stdout=out)
    file = tmp_path / "mine.toml"
    file.write_text(out.getvalue(), encoding="utf-8")
    call_command("create_scheme", str(file), name="Yours", stdout=StringIO())
    assert Scheme.objects.get(slug="yours").noun == "Haven"
    with pytest.raises(CommandError, match="There are: mine, yours"):
        call_command("export_scheme", "other")
    with pytest.raises(CommandError, match="no pack and no file called nothing"):
        call_command("create_scheme", "nothing")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("create_scheme", str(tmp_path))


# Errors are reported


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (PACK + 'titel = "x"', "Line 10, [[principles]] 1, titel: there is no such key."),
        (PACK + "\n[extras]\n", "Line 11, [extras]: there is no such section."),
        (PACK.replace("[scheme]", "[schema]"), "The section [scheme] is missing."),
        (PACK.replace('name = "Safe Havens"', ""), "name: this key is missing."),
        (
            PACK.replace('name = "S', 'earlier_records_valid_until = 2027-02-31\nname = "S'),
            "not readable as TOML",
        ),
        (
            PACK.replace('name = "S', 'earlier_records_valid_until = "31/12/2027"\nname = "S'),
            "Line 3, [scheme], earlier_records_valid_until: “31/12/2027” value has an invalid date",
        ),
        (
            PACK.replace('name = "S', 'earlier_records_valid_until = 7\nname = "S'),
            "write a date, such as 2027-03-31",
        ),
        (PACK.replace('name = "S', 'grace_days = "many"\nname = "S'), "write a whole number"),
        (PACK.replace('name = "S', 'grace_days = true\nname = "S'), "write a whole number"),
        (PACK.replace('name = "S', 'grace_days = -1\nname = "S'), "grace_days: Ensure this value"),
        (PACK.replace('name = "S', 'area = "E07000094"\nname = "S'), "No area has the code"),
        (PACK + '\n[look]\nnoun = "' + "a" * 80 + '"', "noun: Ensure this value has at most 40"),
        (PACK + '\n[look]\ncolour = "#8a8a8a"', "colour: Neither white nor dark text"),
        (PACK + '\n[look]\nlogo = "!"', "logo: This is not a file in base 64."),
        (PACK + '\n[[modules]]\nslug = "nowhere"', "no training module called “nowhere”"),
        (PACK + '\n[[modules]]\nslug = "own"\ntitle = "Own"', "summary: this key is missing."),
        (
            PACK + "\n[[requirements]]\nprinciple = 1\n"
            'evidence = "trained_people"\nneeded_for = "sticker"\nsubject = "nowhere"',
            "[[requirements]] 1, subject: there is nothing called “nowhere”",
        ),
        (
            PACK + "\n[[requirements]]\nprinciple = 2\n"
            'evidence = "opening_hours"\nneeded_for = "submission"',
            "principle: there is no principle 2. There are: 1.",
        ),
        (
            PACK + "\n[[requirements]]\nprinciple = 1\n"
            'evidence = "magic"\nneeded_for = "submission"',
            "evidence: Value 'magic' is not a valid choice.",
        ),
        (
            PACK + 2 * '\n[[contacts]]\nslug = "adults_day"\nwords = "Adults"',
            "[[contacts]] 2: This scheme has a number of this short name already.",
        ),
        (
            PACK + 2 * '\n[[criteria]]\nslug="a"\nabout="venue"\ntheme="space"\nquestion="Q?"',
            "[[criteria]] 2, slug: there is another question called so.",
        ),
        (
            PACK + QUESTION.format("a") + "answer_kind = 'choice'\nchoices = ['One']",
            "[[criteria]] 1: Give at least two choices",
        ),
        (
            PACK + QUESTION.format("a") + "answer_kind = 'choice'\nchoices = [1, 2]",
            "Line 17, [[criteria]] 1, choices: write a list",
        ),
        (
            PACK + QUESTION.format("a") + 'answer_kind = "choice"\nchoices = ["\\u0000", "b"]',
            "choices: Null characters are not allowed",
        ),
        (PACK + QUESTION.format("a") + "answer_kind = 'song'", "answer_kind: Value 'song'"),
        (PACK + QUESTION.format("a") + "own = 'yes'", "own: write true or false"),
        (
            PACK + QUESTION.format("a") + "depends_on = 'b'\ndepends_value = 'we_do'",
            "Line 16, [[criteria]] 1, depends_on: there is no question called “b” in this file.",
        ),
        (PACK + QUESTION.format("a") + "depends_value = 'we_do'", "Give both the other question"),
        (
            PACK
            + QUESTION.format("a")
            + QUESTION.format("b")
            + "depends_on = 'a'\ndepends_value = 'x'",
            "depends_value: That question can be answered with: we_do",
        ),
        (
            PACK
            + QUESTION.format("a")
            + "depends_on = 'b'\ndepends_value = 'we_do'"
            + QUESTION.format("b")
            + "depends_on = 'a'\ndepends_value = 'we_do'",
            "wait for each other in a circle",
        ),
        (
            PACK + "\n[[themes]]\nslug = 'space'\ntitle = 'Your space'",
            "Line 12, [[themes]] 1, slug: no question in this file has this theme.",
        ),
        (PACK + "\n[principles_of]\nx = 1", "[principles_of]: there is no such section"),
        (PACK.replace("[[principles]]", "[principles]"), "begin it with [[principles]]"),
        (PACK + '\n[[return_items]]\nlist = "colour"\nlabel = "Red"', "list: Value 'colour'"),
        (PACK + '\n[series]\nname = "Talks"\nstarts = 25:00:00', "not readable as TOML"),
        (PACK + '\n[texts]\nabout = "a\\u0000b"', "Null characters are not allowed"),
        ("[scheme", "not readable as TOML"),
        ("a = " + "[" * 5000, "not readable as TOML"),
        (PACK + "#" * 20 * 1024 * 1024, "larger than 20 MB"),
    ],
)
def test_each_error_is_reported_by_line_and_nothing_is_written(wrong, said):
    assert said in "\n".join(problems_of(wrong))


def test_all_errors_are_reported_at_once():
    text = PACK + 'titel = "x"\n[look]\nnoun = 3\n[series]\nname = "Talks"\nweek = 9\n'
    said = problems_of(text)
    assert len(said) == 3


def test_a_late_error_rolls_back_the_logo_and_the_training(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    text = PACK + '\n[[modules]]\nslug = "introductory"\n\n[series]\nname = "Talks"\nminutes = 3\n'
    assert "[series], minutes" in "\n".join(problems_of(text))
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []


@pytest.mark.parametrize("again", [{}, {"name": "Another", "slug": "safe-havens"}])
def test_a_name_or_slug_in_use_is_refused(again):
    load_pack(PACK)
    with pytest.raises(Refused, match="is here already"):
        load_pack(PACK, **again)
    assert Scheme.objects.count() == 1


# Questions

QUESTIONS = (
    PACK
    + QUESTION.format("cctv").replace("space", "aftercare")
    + """answer_kind = "choice"
choices = ["Inside", "Nowhere"]
own = true
"""
    + QUESTION.format("footage")
    + """answer_kind = "text"
depends_on = "cctv"
depends_value = "Inside"
own = true

[[themes]]
slug = "aftercare"
title = "Aftercare"
order = 3
"""
)


def test_a_copy_of_a_scheme_gets_its_own_copies_of_its_questions():
    first = load_pack(QUESTIONS)
    second = load_pack(export_scheme(first), name="Another")
    footage = second.own_criteria.get(answer_kind="text")
    assert footage.slug == "footage-another"
    assert footage.depends_on == second.own_criteria.get(slug="cctv-another")
    assert set(second.criteria.all()) == {footage.depends_on, footage}
    assert first.criteria.count() == 2
    assert Theme.objects.get(slug="aftercare").title == "Aftercare"


def test_an_existing_heading_is_unchanged():
    Theme.objects.create(slug="aftercare", title="Afterwards", order=1)
    load_pack(QUESTIONS)
    assert Theme.objects.get(slug="aftercare").title == "Afterwards"


def test_another_schemes_own_question_is_not_treated_as_shared():
    load_pack(QUESTIONS)
    shared = PACK.replace("Safe Havens", "Another") + QUESTION.format("cctv")
    with pytest.raises(Refused, match=r"Line 12, .*another scheme’s own question"):
        load_pack(shared)


def test_a_question_depending_on_one_not_asked_is_not_exported():
    scheme = load_pack(QUESTIONS)
    scheme.criteria.remove(Criterion.objects.get(slug="cctv"))
    assert "criteria" not in tomllib.loads(export_scheme(scheme))


def test_a_shared_question_needs_the_question_it_depends_on():
    first = load_pack(QUESTIONS.replace("own = true", ""))
    assert not first.own_criteria.exists()
    with pytest.raises(Refused, match=r"asked only after “cctv”\. Ask that one too"):
        load_pack(PACK.replace("Safe Havens", "Another") + QUESTION.format("footage"))


# Any scheme survives a round trip

LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn"))
WORDS = st.text(LETTERS, min_size=1, max_size=30).map(str.strip).filter(bool)
TEXT = st.one_of(
    st.just(""),
    WORDS,
    st.lists(st.text(LETTERS, max_size=20), min_size=2, max_size=4).map(
        lambda lines: "\n".join(lines).strip()
    ),
    st.sampled_from(['a"""b\nc', "back\\slash\nend\\", '"', "tab\there", "a\r\nb", "#x\n[y]\nz=1"]),
)
SLUG = st.from_regex(r"[a-z][a-z0-9-]{0,12}", fullmatch=True)
NEW_THEMES = ["aftercare", "arrival"]
THEME = st.sampled_from(["space", *NEW_THEMES])
CHOICES = st.lists(WORDS, min_size=2, max_size=4, unique=True)


@st.composite
def things(draw):
    def some(of, most=3):
        return draw(st.lists(of, max_size=most))

    slugs = draw(st.lists(SLUG, unique=True, max_size=3))
    return {
        "scheme": {
            "name": draw(WORDS),
            "slug": draw(SLUG),
            "noun": draw(WORDS),
            "noun_plural": draw(WORDS),
            "sticker_title": draw(WORDS),
            "colour": draw(st.sampled_from(["", "#6b2a5b", "#ffbf3f"])),
            "about": draw(TEXT),
            "what_to_say": draw(WORDS),
            "walk_in_steps": some(WORDS),
            "delivered_by": draw(st.one_of(st.just(""), WORDS)),
            "meetings_every": draw(st.sampled_from(Cadence.values)),
            "returns_every": draw(st.sampled_from(Cadence.values)),
            "offers_training": draw(st.booleans()),
            "grace_days": draw(st.integers(0, 400)),
            "earlier_records_valid_until": draw(
                st.one_of(st.none(), st.dates(datetime.date(1990, 1, 1)))
            ),
            "hidden_types": sorted(set(some(st.sampled_from(Venue.Type.values)))),
        },
        "logo": draw(st.booleans()),
        "principles": draw(
            st.lists(st.tuples(st.integers(1, 30), WORDS, TEXT.filter(bool), TEXT), max_size=4)
        ),
        "requirements": some(
            st.tuples(
                st.integers(0, 3),
                st.sampled_from(["opening_hours", "online_presence", "usage_return"]),
                st.integers(1, 5),
                st.one_of(st.none(), st.integers(1, 9)),
                st.sampled_from([None, True, False]),
            )
        ),
        "criteria": [
            {
                "slug": slug,
                "about": draw(st.sampled_from(["venue", "organisation"])),
                "theme": draw(THEME),
                "order": draw(st.integers(1, 9)),
                "question": draw(WORDS),
                "hint": draw(TEXT),
                "answer_kind": (kind := draw(st.sampled_from(Criterion.Kind.values))),
                "choices": draw(CHOICES) if kind == "choice" else [],
            }
            for slug in slugs
        ],
        "own": draw(st.booleans()),
        "waits": draw(st.booleans()),
        "themes": some(st.tuples(st.sampled_from(NEW_THEMES), WORDS, st.integers(0, 9)), most=4),
        "checks": [(slug, draw(WORDS), draw(st.booleans())) for slug in slugs],
        "contacts": [
            (slug, draw(WORDS), draw(st.booleans()), draw(st.one_of(st.none(), WORDS)))
            for slug in slugs
        ],
        "modules": [
            (slug, draw(WORDS), draw(TEXT.filter(bool)), draw(st.integers(1, 100)))
            for slug in slugs
        ],
        "series": draw(st.one_of(st.none(), st.tuples(WORDS, st.integers(1, 5), TEXT))),
        "items": draw(
            st.one_of(st.none(), st.lists(st.text("abcdef", min_size=1), unique=True, max_size=4))
        ),
    }


def make(thing):
    scheme = SchemeFactory(draft=True, checks={}, numbers={}, **thing["scheme"])
    if thing["logo"]:
        out = BytesIO()
        Image.linear_gradient("L").save(out, "PNG")
        logo = redraw_logo(ContentFile(out.getvalue(), name="a.png"))
        scheme.logo.save(logo.name, logo)
    for slug, title, body, minutes in thing["modules"]:
        add_module(
            {"slug": f"m-{slug}", "title": title, "summary": title, "kind": "specialist"}
            | {"minutes": minutes, "suggested_types": ["cafe"]},
            VersionText(
                sections=[(title, body)],
                questions=[
                    {"text": body, "choices": [{"text": title, "right": True, "feedback": title}]}
                ],
                papers=[{"kind": "handout", "body": body}],
                outline=[{"minutes": minutes, "title": title, "text": body}],
                facts=[{"says": body, "source": title, "url": "", "to_confirm": bool(minutes % 2)}],
            ),
            before=[],
            scheme=scheme,
            by=None,
        )
    principles = {}
    for order, title, wording, help_text in thing["principles"]:
        if order not in principles:
            principles[order] = Principle.objects.create(
                scheme=scheme, order=order, title=title, wording=wording, help_text=help_text
            )
    said = set()
    for place, evidence, at_least, of_last, unlists in thing["requirements"]:
        if not principles or (place % len(principles), evidence) in said:
            continue
        said.add((place % len(principles), evidence))
        principle = list(principles.values())[place % len(principles)]
        Requirement.objects.create(
            principle=principle,
            evidence=evidence,
            needed_for="standing",
            at_least=at_least,
            of_last=of_last,
            unlists=unlists,
        )
    make_questions(thing, scheme)
    for order, (slug, words, is_needed) in enumerate(thing["checks"]):
        scheme.checks_asked.create(slug=slug, words=words, is_needed=is_needed, order=order)
    for order, (slug, words, is_needed, name) in enumerate(thing["contacts"]):
        kind = scheme.contact_kinds.create(slug=slug, words=words, is_needed=is_needed, order=order)
        if name:
            SchemeContact.objects.create(scheme=scheme, kind=kind, name=name, number="01632")
    if thing["series"]:
        name, week, items = thing["series"]
        Series.objects.create(scheme=scheme, name=name, week=week, standing_items=items)
    if thing["items"] is not None:
        set_up_returns(scheme)
        for label in thing["items"]:
            ReturnItem.objects.create(scheme=scheme, kind="outcome", label=label)
    return scheme


def make_questions(thing, scheme):
    """The last question depends on the first possible one, wherever each is placed."""
    themes = {slug: (title, order) for slug, title, order in thing["themes"]}
    for slug, (title, order) in themes.items():
        Theme.objects.create(slug=slug, title=title, order=order)
    made = []
    for values in thing["criteria"]:
        row = Criterion(**values, scheme=scheme if thing["own"] else None)
        others = [
            each
            for each in made
            if each.about == row.about and each.answer_kind in ("yes", "choice")
        ]
        if thing["waits"] and others:
            row.depends_on = others[0]
            row.depends_value = ([*others[0].choices, "we_do"])[0]
        row.full_clean()
        row.save()
        row.schemes.add(scheme)
        made.append(row)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(thing=things())
def test_exporting_an_imported_scheme_gives_the_same_file(thing):
    with transaction.atomic():
        written = export_scheme(make(thing))
        transaction.set_rollback(True)
    tomllib.loads(written)
    with transaction.atomic():
        assert export_scheme(load_pack(written)) == written
        transaction.set_rollback(True)

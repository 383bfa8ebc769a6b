"""Easy Read, the handout, the trainer's outline and the facts that go with a module."""

from dataclasses import replace
from io import BytesIO

import pytest
from django.contrib.gis.geos import MultiPolygon
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from common.refusals import Refused
from geography.models import Area
from signposting.models import Service
from tests.training.conftest import CONTENT
from tests.training.session_factories import SessionFactory
from tests.training.test_author_module import of_module
from tests.training.test_training_admin import change
from training import actions
from training.content import read
from training.links.enrolments import make_token
from training.models import Module
from training.models.enrolments import LINK_LASTS
from training.papers import paper_or_404, paper_pdf
from training.rules import version_text
from venues.models import SchemeContact

pytestmark = pytest.mark.django_db
PAPERS = [
    {"kind": "easy-read", "body": "You can come in."},
    {"kind": "handout", "body": "Ask first.\n\n[[scheme numbers]]"},
]
OUTLINE = [
    {"minutes": 20, "title": "Arrive", "text": "Tea."},
    {"minutes": 45, "title": "Practise", "text": "In pairs."},
]
FACTS = [
    {"says": "It is a crime.", "source": "An Act, section 1", "url": "", "to_confirm": False},
    {"says": "It is common.", "source": "A survey", "url": "", "to_confirm": True},
]
WHOLE = replace(
    CONTENT, text=replace(CONTENT.text, papers=PAPERS, outline=OUTLINE, facts=FACTS[:1])
)


@pytest.fixture
def unreviewed(db):
    return actions.load_module(WHOLE)[0]


def portal(sign_up, module, kind, name="training_paper"):
    return reverse(name, args=[sign_up.pk, module.slug, kind])


def test_the_files_of_a_folder_become_papers_outline_and_facts(tmp_path):
    (tmp_path / "module.toml").write_text('title = "A"\ncompleted_by = "attendance"')
    (tmp_path / "01-one.md").write_text("# One\n\nText.")
    (tmp_path / "easy-read.md").write_text("Easy.\n")
    (tmp_path / "outline.toml").write_text(
        '[[steps]]\nminutes = 5\ntitle = "Arrive"\ntext = "Tea."\n'
    )
    (tmp_path / "facts.toml").write_text('[[facts]]\nsays = "It is so."\nsource = "An Act"\n')
    text = read(tmp_path).text
    assert text.sections == [("One", "Text.")]
    assert text.papers == [{"kind": "easy-read", "body": "Easy."}]
    assert text.outline == [{"minutes": 5, "title": "Arrive", "text": "Tea."}]
    assert text.facts == [{"says": "It is so.", "source": "An Act", "url": "", "to_confirm": False}]


def test_a_fact_without_a_source_is_refused_with_its_number(tmp_path):
    (tmp_path / "module.toml").write_text('title = "A"\ncompleted_by = "attendance"')
    (tmp_path / "facts.toml").write_text('[[facts]]\nsays = "It is so."\n')
    with pytest.raises(Refused, match=r"facts\.toml: number 1 has no “source”"):
        read(tmp_path)


def test_a_new_version_and_a_copy_contain_everything_of_the_old_one(module, administrator, scheme):
    newer = actions.start_new_version(module, by=administrator)
    text = version_text(newer, 2)
    assert text == version_text(newer, 1)
    assert (text.papers, text.outline, text.facts) == (PAPERS, OUTLINE, FACTS[:1])
    copy = actions.copy_module(Module.objects.get(pk=module.pk), scheme, by=administrator)
    assert version_text(copy, 1) == version_text(module, 1)


def test_a_fact_still_to_be_confirmed_blocks_the_review(administrator):
    files = replace(WHOLE, slug="unsure", text=replace(WHOLE.text, facts=FACTS))
    module, __ = actions.load_module(files)
    with pytest.raises(Refused, match="Fact 2 is still to be confirmed"):
        actions.review_module(module, by=administrator, name="Ada", role="Lead")
    module.facts.update(to_confirm=False)
    assert actions.review_module(module, by=administrator, name="Ada", role="Lead").open_version


def test_a_manager_reads_and_prints_the_papers_with_the_places_own_numbers(
    client, manager, sign_up, module
):
    SchemeContact.objects.filter(scheme=sign_up.scheme).update(number="01632 960 001")
    client.force_login(manager)
    page = client.get(reverse("training_module", args=[sign_up.pk, module.slug])).text
    for kind in ("easy-read", "handout", "outline"):
        assert portal(sign_up, module, kind) in page
        pdf = client.get(portal(sign_up, module, kind, "download_training_paper"))
        assert pdf.content.startswith(b"%PDF")
    assert "01632 960 001" in client.get(portal(sign_up, module, "handout")).text
    outline = client.get(portal(sign_up, module, "outline")).text
    assert "65 minutes in all" in outline
    assert outline.index("0:00") < outline.index("0:20")
    assert client.get(portal(sign_up, module, "facts")).status_code == 404


def test_papers_of_an_unreviewed_module_are_not_shown_to_managers(
    client, manager, sign_up, unreviewed
):
    client.force_login(manager)
    assert client.get(portal(sign_up, unreviewed, "handout")).status_code == 404


def test_learners_see_the_papers_of_the_version_they_began_and_no_outline(
    client, enrolment, administrator
):
    newer = actions.start_new_version(enrolment.module, by=administrator)
    newer.papers.of_version(2).update(body="Something else.")
    actions.review_module(newer, by=administrator, name="Ada", role="Lead")
    token = make_token(enrolment, lasts=LINK_LASTS)
    assert reverse("learn_paper", args=[token, "easy-read"]) in (
        client.get(reverse("learn_module", args=[token])).text
    )
    assert "You can come in." in client.get(reverse("learn_paper", args=[token, "easy-read"])).text
    pdf = client.get(reverse("download_learner_paper", args=[token, "handout"]))
    assert pdf.content.startswith(b"%PDF")
    assert client.get(reverse("learn_paper", args=[token, "outline"])).status_code == 404


def test_helplines_in_a_section_are_those_of_the_nation_of_the_place(
    client, enrolment, sign_up, module
):
    confirmed = {"confirmed_by_name": "Ada", "confirmed_on": timezone.localdate()}
    for name, nations in (("Everywhere", []), ("Welsh", ["wales"]), ("English", ["england"])):
        Service.objects.create(
            name=name, number="116 123", answers="always", nations=nations, **confirmed
        )
    Service.objects.create(name="Unconfirmed", number="1", answers="always")
    Area.objects.create(
        code="E07000094",
        name="Here",
        kind="district",
        boundary=MultiPolygon(sign_up.venue.point.buffer(1000), srid=27700),
    )
    module.sections.filter(order=1).update(body="Ring:\n\n[[helplines]]")
    page = client.get(
        reverse("learn_section", args=[make_token(enrolment, lasts=LINK_LASTS), 1])
    ).text
    assert "Everywhere" in page
    assert "English" in page
    assert "Welsh" not in page
    assert "Unconfirmed" not in page


def test_a_reviewer_reads_papers_outline_and_facts_beside_the_text(officer_of, scheme, unreviewed):
    unreviewed.schemes.set([scheme])
    unreviewed.facts.update(to_confirm=True, url="https://www.legislation.gov.uk/")
    officer = officer_of("trainer", scheme)
    page = officer.get(reverse("admin:training_module_read", args=[unreviewed.pk])).text
    for words in ("You can come in.", "In pairs.", "To be confirmed by the reviewer", "An Act"):
        assert words in page
    printed = officer.get(reverse("admin:print_module_paper", args=[unreviewed.pk, "outline"]))
    assert printed.content.startswith(b"%PDF")
    nothing = reverse("admin:print_module_paper", args=[unreviewed.pk, "facts"])
    assert officer.get(nothing).status_code == 404


def test_a_trainer_writes_papers_steps_and_facts_while_the_version_is_a_draft(
    officer_of, scheme, module, administrator
):
    module.schemes.set([scheme])
    newer = actions.start_new_version(module, by=administrator)
    officer = officer_of("trainer", scheme)
    step, fact = newer.outline.of_version(2).last(), newer.facts.of_version(2).get()
    data = of_module(
        title="Introduction",
        **{
            "outline-TOTAL_FORMS": 1,
            "outline-INITIAL_FORMS": 1,
            "outline-0-id": step.pk,
            "outline-0-order": 2,
            "outline-0-minutes": 30,
            "outline-0-title": "Practise",
            "outline-0-text": "In threes.",
            "facts-TOTAL_FORMS": 2,
            "facts-INITIAL_FORMS": 1,
            "facts-0-id": fact.pk,
            "facts-0-order": 1,
            "facts-0-says": fact.says,
            "facts-0-source": "An Act, section 2",
            "facts-1-order": 2,
            "facts-1-says": "And more.",
            "facts-1-source": "A page",
        },
    )
    sent = officer.post(change(newer), data)
    assert sent.status_code == 302, sent.context["errors"]
    text = version_text(newer, 2)
    assert [step["minutes"] for step in text.outline] == [20, 30]
    assert [fact["source"] for fact in text.facts] == ["An Act, section 2", "A page"]
    assert version_text(newer, 1).outline == OUTLINE, "the reviewed version stays"


def test_a_printed_paper_says_whether_it_was_reviewed(module, unreviewed):
    page = {"paper": paper_or_404(module, 1, "handout", kinds=["handout"])}
    assert "Reviewed on" in render_to_string("training/paper_print.html", page)
    module.reviewed_version = None
    page = {"paper": paper_or_404(module, 1, "handout", kinds=["handout"])}
    assert "Do not hand it out" in render_to_string("training/paper_print.html", page)


def test_papers_are_tagged_for_screen_readers(module):
    paper = paper_or_404(module, 1, "outline", kinds=["outline"])
    root = PdfReader(BytesIO(paper_pdf(paper))).trailer["/Root"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en-gb"


def test_a_trainer_prints_the_outline_of_the_version_taught_from_the_session(
    officer_of, scheme, module, administrator
):
    session = SessionFactory(scheme=scheme, module=module)
    actions.start_new_version(module, by=administrator).outline.of_version(2).delete()
    officer = officer_of("trainer", scheme)
    page = officer.get(reverse("admin:training_session_change", args=[session.pk])).text
    address = reverse("admin:print_session_paper", args=[session.pk, "outline"])
    assert address in page
    printed = PdfReader(BytesIO(officer.get(address).content)).pages[0].extract_text()
    assert "Practise" in printed
    assert "Do not hand it out" not in printed

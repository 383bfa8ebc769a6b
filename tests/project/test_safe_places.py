"""Southampton's pack: a whole scheme by one command, insured, twice a year and without meetings."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from common.refusals import Refused
from partnership.models import ReturnItem, ReturnSettings, Series
from tests.factories import (
    MembershipFactory,
    OfficerFactory,
    SignUpFactory,
    name_numbers,
    ready_to_open,
)
from training.models import Module
from venues import actions
from venues.evidence_kinds import Stage
from venues.models import Requirement, Scheme
from venues.packs import create_scheme, load_pack, text_of

pytestmark = pytest.mark.django_db
MEETINGS = re.compile(r"\bmeet(s|ings?)?\b|\bchair(s|ed)?\b(?! in)|\bapolog|quarter", re.I)


def made():
    return create_scheme(
        "safe_places", council="Southampton City Council", contact_email="team@example.org"
    )


def test_the_pack_makes_a_complete_scheme():
    scheme = made()
    assert scheme.principles.count() == 8
    requirements = Requirement.objects.filter(principle__scheme=scheme)
    assert set(requirements.values_list("evidence", "needed_for", "subject")) == {
        ("opening_hours", Stage.SUBMISSION, ""),
        ("insurance_until", Stage.SUBMISSION, "insured-until"),
        ("trained_people", Stage.STICKER, "safe-places"),
        ("current_sticker", Stage.STANDING, ""),
        ("sticker_displayed", Stage.STANDING, ""),
        ("usage_return", Stage.STANDING, ""),
    }
    assert (scheme.noun, scheme.sticker_title) == ("Safe Place", "Safe Place")
    assert (scheme.returns_every, scheme.meetings_every) == ("half_year", "none")
    assert ReturnSettings.objects.get(scheme=scheme).due_after_days == 28
    assert ReturnItem.objects.filter(scheme=scheme, label="Contact on a card rung").exists()
    assert not Series.objects.filter(scheme=scheme).exists()
    assert Module.objects.get(slug="safe-places").minutes == 30
    assert not scheme.is_for_organisations


def test_one_command_makes_it():
    out = StringIO()
    told = {"council": "Southampton City Council", "email": "team@example.org"}
    call_command("create_scheme", "safe_places", **told, stdout=out)
    assert "Safe Places is made, with 8 core principles" in out.getvalue()
    with pytest.raises(CommandError, match="No area has the code E06000045"):
        call_command("create_scheme", "safe_places", area="E06000045", name="Two", **told)


def test_nothing_of_the_council_or_the_network_stands_there_as_a_fact(client):
    scheme = made()
    waiting = {each.slug: each.kind for each in scheme.clearances.all()}
    assert waiting == {
        "principles": "council",
        "periods": "council",
        "national-network": "permission",
    }
    name_numbers(scheme)
    ready_to_open(scheme)
    officer = OfficerFactory(scheme=scheme, role="administrator").user
    with pytest.raises(Refused, match="The eight principles are what the council asks"):
        actions.open_scheme(scheme, by=officer)
    for each in scheme.clearances.filter(kind="council"):
        actions.record_clearance(
            scheme, clearance=each, given_by="Ruth", given_on=timezone.localdate(), by=officer
        )
    scheme = actions.open_scheme(scheme, by=officer)
    page = client.get(reverse("scheme_page", args=[scheme.slug])).content.decode()
    assert "National" not in page
    assert "Look for this in the window" in page


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            'subject = "insured-until"',
            'subject = "insured"',
            "subject: there is nothing called “insured”. There are: insured-until.",
        ),
        (
            'answer_kind = "date"',
            "",
            "subject: there is nothing called “insured-until”. There are: none yet.",
        ),
        ('kind = "council"', 'kind = "mayor"', "kind: Value 'mayor' is not a valid choice."),
        ('slug = "periods"', 'slug = "principles"', "There is another one with this short name."),
    ],
)
def test_a_mistake_in_it_is_said_with_its_line_and_nothing_is_made(old, new, words):
    text = text_of("safe_places")
    assert old in text
    with pytest.raises(Refused) as refused:
        load_pack(text.replace(old, new, 1), council="Southampton", contact_email="a@example.org")
    assert words in " ".join(map(str, refused.value.reasons))
    assert not Scheme.objects.exists()


def text_on(page):
    html = re.sub(r"<(head|script|style|footer)\b.*?</\1>", " ", page.content.decode(), flags=re.S)
    return " ".join(strip_tags(html).split())


PORTAL = ("portal_home", "sign_up", "edit_principles", "edit_policies", "edit_space", "people")


def test_its_people_read_of_no_meetings_anywhere(client):
    scheme = made()
    by = OfficerFactory(scheme=scheme, role="administrator").user
    Scheme.objects.filter(pk=scheme.pk).update(opened_at=timezone.now(), opened_by=by)
    sign_up = SignUpFactory(scheme=scheme, approved=True, listed=True)
    manager = MembershipFactory(organisation=sign_up.venue.organisation).user
    public = [reverse(name, args=[scheme.slug]) for name in ("scheme_page", "join_one")]
    pages = [client.get(url) for url in public]
    client.force_login(manager)
    pages += [client.get(reverse(name, args=[sign_up.pk])) for name in PORTAL]
    for page in pages:
        url = page.request["PATH_INFO"]
        assert page.status_code == 200, url
        assert MEETINGS.findall(text_on(page)) == [], url
    home = text_on(client.get(reverse("portal_home", args=[sign_up.pk])))
    assert "Insurance" in home
    assert "Safe Places" in home

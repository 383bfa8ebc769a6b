"""Sheets made for a place (posters, till card, staff sheet, social media) and what unlocks them."""

import re
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from common import sizes
from tests.factories import (
    MembershipFactory,
    OfficerFactory,
    PrincipleFactory,
    SchemeFactory,
    SignUpFactory,
    StickerFactory,
)
from tests.venues.test_materials import PACK, material, refusals
from venues.made import picture_png, picture_svg, sheet_of, sheet_pdf
from venues.models import Material, Scheme, SignUp
from venues.packs import available, export_scheme, load_pack, text_of

pytestmark = pytest.mark.django_db
MADE = Material.Made
PAPERS = {
    MADE.POSTER_A4: (210, 297),
    MADE.POSTER_A3: (297, 420),
    MADE.TILL_CARD: (105, 148),
    MADE.STAFF_SHEET: (210, 297),
}
LONG = "The Honourable Company of Featherstonehaugh-Cholmondeley Booksellers, Café and Tea Rooms X"
NAMES = {
    "short": "Ark",
    "90 letters": LONG,
    "one long word": "Donaudampfschifffahrtsgesellschaftskapitaensmuetzenabzeichen" * 2,
    "Arabic": "مقهى النحاس للكتب والشاي في شارع الميناء",
    "Chinese": "港口街铜壶书店咖啡馆" * 4,
    "Bengali": "বন্দর সড়কের তামার কেটলি বইয়ের দোকান",
}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def scheme():
    return SchemeFactory(
        name="Quiet Havens",
        slug="havens",
        noun="open haven",
        noun_plural="open havens",
        colour="#6b2a5b",
        council="Exampleton Council",
        walk_in_steps=["Walk in.", "Say the words.", "Sit down.", "Leave when you like."],
        offers_stickers=True,
        offers_card=True,
    )


@pytest.fixture
def sign_up(scheme):
    return SignUpFactory(scheme=scheme, approved=True, venue__name="The Copper Kettle")


def made(scheme, kind=MADE.POSTER_A4, **more):
    return Material.objects.create(scheme=scheme, title=str(kind.label), made=kind, **more)


def words_of(pdf):
    return " ".join(page.extract_text() for page in pdf.pages)


def squeezed(text):
    return re.sub(r"[\s\u00ad-]+", "", text)


def read(material, sign_up):
    return PdfReader(BytesIO(sheet_pdf(sheet_of(material, sign_up))))


def member_of(sign_up, client):
    user = MembershipFactory(organisation=sign_up.venue.organisation).user
    client.force_login(user)
    return user


@pytest.mark.parametrize("kind", PAPERS)
def test_each_sheet_is_one_tagged_page_of_its_size_with_the_places_name(scheme, sign_up, kind):
    pdf = read(made(scheme, kind), sign_up)
    (page,) = pdf.pages
    assert tuple(round(float(side) / 72 * 25.4) for side in page.mediabox[2:]) == PAPERS[kind]
    words = squeezed(words_of(pdf))
    for part in ("The Copper Kettle", "an open haven", "Quiet Havens", "Exampleton Council"):
        assert squeezed(part) in words
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-gb"
    assert "/StructTreeRoot" in root


@pytest.mark.parametrize("kind", PAPERS)
@pytest.mark.parametrize("name", ["90 letters", "Arabic"])
def test_no_name_is_cut_off_however_long_or_in_which_script(scheme, sign_up, kind, name, request):
    sign_up.venue.name = NAMES[name][:120]
    scheme.what_to_say = "You do not need to explain. Say that you need a haven, please. " * 3
    scheme.walk_in_steps = [
        "Go to the counter, or to anybody who works there, and say it. " * 3
    ] * 8
    sign_up.scheme = scheme
    content = sheet_pdf(sheet_of(made(scheme, kind), sign_up))
    (page,) = PdfReader(BytesIO(content)).pages
    if name != "Arabic":  # a reader takes joined letters out in their joined forms
        assert squeezed(sign_up.venue.name) in squeezed(page.extract_text())
    if folder := request.config.getoption("--basetemp"):
        with open(f"{folder}-{kind}-{name.replace(' ', '')}.pdf", "wb") as file:
            file.write(content)


def test_the_staff_sheet_has_the_schemes_confirmed_numbers_and_what_to_do_with_a_card(
    scheme, sign_up
):
    confirmed, unconfirmed = scheme.contacts.all()[:2]
    confirmed.number, confirmed.confirmed_by_name = "01632 960001", "Ann"
    confirmed.confirmed_on = timezone.localdate()
    confirmed.save()
    unconfirmed.number = "01632 960002"
    unconfirmed.save()
    sheet = made(scheme, MADE.STAFF_SHEET)
    words = words_of(read(sheet, sign_up))
    assert "01632 960001" in words
    assert "01632 960002" not in words
    assert "Ask before you ring anybody on it" in words
    Scheme.objects.update(offers_card=False)
    sign_up = SignUp.objects.get(pk=sign_up.pk)
    assert "They show a card" not in words_of(read(sheet, sign_up))


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_for_social_media_is_1200_by_630_and_holds_the_whole_name(
    scheme, sign_up, name, request
):
    sign_up.venue.name = NAMES[name][:120]
    sheet = sheet_of(made(scheme, MADE.SOCIAL), sign_up)
    content = picture_png(sheet)
    with Image.open(BytesIO(content)) as picture:
        assert picture.size == (1200, 630)
    lines = "".join(re.findall(r"<text[^>]*>([^<]*)</text>", picture_svg(sheet)))
    assert squeezed(sign_up.venue.name) in squeezed(lines)
    if folder := request.config.getoption("--basetemp"):
        with open(f"{folder}-social-{name.replace(' ', '')}.png", "wb") as file:
            file.write(content)


def test_two_schemes_have_their_own_nouns_and_colours(scheme, sign_up):
    other = SchemeFactory(name="Warm Rooms", noun="warm room", colour="#0a5161")
    again = SignUpFactory(scheme=other, approved=True, venue=sign_up.venue)
    first = sheet_of(made(scheme), sign_up)
    second = sheet_of(made(other), again)
    assert (first.brand, second.brand) == ("#6b2a5b", "#0a5161")
    assert "a warm room" in words_of(read(second.material, again))
    assert "haven" not in words_of(read(second.material, again))
    assert "#0a5161" in picture_svg(second)


def test_a_member_opens_the_page_and_its_pdf_and_nobody_else_does(client, scheme, sign_up):
    poster = made(scheme)
    urls = [
        reverse(name, args=[sign_up.pk, poster.pk]) for name in ("portal_material", "material_pdf")
    ]
    other = SignUpFactory(scheme=scheme, approved=True)
    member_of(other, client)
    assert [client.get(url).status_code for url in urls] == [404, 404]
    client.logout()
    assert [client.get(url).status_code for url in urls] == [302, 302]
    member_of(sign_up, client)
    page, pdf = [client.get(url) for url in urls]
    assert "The Copper Kettle" in page.text
    assert "This is an open haven." in page.text
    assert urls[1] in page.text
    assert pdf["Content-Type"] == "application/pdf"
    assert "no-store" in pdf["Cache-Control"]
    assert client.get(reverse("material_picture", args=[sign_up.pk, poster.pk])).status_code == 404
    elsewhere = made(SchemeFactory())
    assert (
        client.get(reverse("portal_material", args=[sign_up.pk, elsewhere.pk])).status_code == 404
    )


def test_what_is_locked_is_named_with_what_unlocks_it(client, scheme):
    sign_up = SignUpFactory(scheme=scheme)
    poster = made(scheme)
    later = made(scheme, MADE.SOCIAL, unlocked_from="sticker")
    guide = material(
        scheme, "members", "Guide", unlocked_from="sticker", address="https://g.example/"
    )
    film = material(scheme, "public", "Film", address="https://film.example/")
    approver = OfficerFactory(scheme=scheme).user
    member_of(sign_up, client)
    url = reverse("portal_materials", args=[sign_up.pk])

    def statuses():
        urls = [reverse("portal_material", args=[sign_up.pk, m.pk]) for m in (poster, later)]
        urls += [reverse("material", args=[m.pk]) for m in (guide, film)]
        return [client.get(each).status_code for each in urls]

    page = client.get(url).text
    assert page.count("You get this when your place is approved.") == 3
    assert film.address in page
    assert statuses() == [404, 404, 404, 302]
    SignUp.objects.filter(pk=sign_up.pk).update(
        state="approved",
        submitted_at=timezone.now(),
        approved_at=timezone.now(),
        approved_by=approver,
        submitted_by=approver,
    )
    page = client.get(url).text
    assert page.count("You get this when your place has a current sticker.") == 2
    assert statuses() == [200, 404, 404, 302]
    StickerFactory(sign_up=sign_up)
    page = client.get(url).text
    assert "You get this" not in page
    assert guide.address in page
    assert statuses() == [200, 200, 302, 302]


def test_the_list_costs_the_same_however_much_is_on_it(client, scheme, sign_up):
    member_of(sign_up, client)
    made(scheme)
    url = reverse("portal_materials", args=[sign_up.pk])
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for kind in (MADE.POSTER_A3, MADE.TILL_CARD, MADE.SOCIAL):
        made(scheme, kind)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(few) == len(many)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"made": "poster_a4", "for_whom": "public"}, "is for those who have signed up"),
        (
            {"made": "poster_a4", "address": "https://a.example/"},
            "not both, or choose what is",
        ),
        ({"made": "banner"}, "Select a valid choice"),
        ({"file": SimpleUploadedFile("a.pdf", b"x" * 4 * sizes.MEGABYTE)}, "larger than 3 MB"),
        (
            {"file": SimpleUploadedFile("poster.png", b"%PDF-1.7 a poster")},
            "ends in .png, but it is a .pdf file",
        ),
        (
            {"file": SimpleUploadedFile("poster.exe", b"%PDF-1.7 a poster")},
            "ends in .exe, but it is a .pdf file",
        ),
    ],
)
def test_a_wrong_material_is_refused_in_a_sentence(client, scheme, more, words):
    client.force_login(OfficerFactory(scheme=scheme, role="administrator").user)
    given = {"scheme": scheme.pk, "title": "Poster", "for_whom": "members", "order": 1}
    given |= {"unlocked_from": "approval", "address": "", "made": ""}
    answer = client.post(reverse("admin:venues_material_add"), given | more)
    assert words in answer.text
    assert not Material.objects.exists()


def test_a_file_of_80_megabytes_is_refused_on_a_page_of_its_own(client, scheme):
    client.force_login(OfficerFactory(scheme=scheme, role="administrator").user)
    file = SimpleUploadedFile("a.pdf", b"x" * 80 * sizes.MEGABYTE)
    answer = client.post(reverse("admin:venues_material_add"), {"title": "Poster", "file": file})
    assert answer.status_code == 413
    assert "choose a smaller file" in answer.text
    assert not Material.objects.exists()


def test_a_scheme_without_stickers_cannot_wait_for_one():
    scheme = SchemeFactory(bare=True)
    with pytest.raises(ValidationError, match="This scheme has no stickers"):
        Material(scheme=scheme, title="P", made="social", unlocked_from="sticker").full_clean()


def test_made_sheets_survive_the_round_trip_of_a_pack(scheme):
    PrincipleFactory(scheme=scheme, order=1)
    for place, kind in enumerate(MADE, start=1):
        made(scheme, kind, order=place)
    Material.objects.filter(made="social").update(unlocked_from="sticker")
    once = export_scheme(scheme)
    again = load_pack(once, name="Another", slug="another")
    assert [each.made for each in again.materials.all()] == list(MADE)
    assert export_scheme(again).replace("Another", scheme.name).replace("another", "havens") == once


def test_a_made_sheet_is_refused_in_a_pack_at_its_row():
    start = PACK + '[[materials]]\ntitle = "Poster"\n'
    assert "made: Value 'banner'" in refusals(start + 'made = "banner"\n')[0]
    both = refusals(start + 'made = "social"\nfor_whom = "public"\n')[0]
    assert "for those who have signed up" in both
    assert "no stickers" in refusals(start + 'made = "social"\nunlocked_from = "sticker"\n')[0]


@pytest.mark.parametrize("name", available())
def test_each_pack_has_a_sheet_of_every_kind_made_for_its_places(name):
    scheme = load_pack(text_of(name), by=None, council="A", contact_email="a@example.org")
    assert set(scheme.materials.values_list("made", flat=True)) == set(MADE.values)

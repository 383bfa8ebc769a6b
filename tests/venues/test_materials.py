"""What a scheme hands out: to everybody, to its members, to the team; and in packs."""

import base64
import tomllib

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from common import sizes
from common.refusals import Refused
from tests.factories import (
    MembershipFactory,
    OfficerFactory,
    PrincipleFactory,
    SchemeFactory,
    SignUpFactory,
)
from tests.training.factories import ModuleFactory
from tests.venues.test_photos import upload
from training.models import Module, Picture
from venues import actions
from venues.models import Material, Scheme
from venues.packs import export_scheme, load_pack
from venues.photos import redraw

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 a poster"
PACK = """
[scheme]
name = "Havens"
slug = "havens"
council = "Example"
contact_email = "team@example.org"
meetings_every = "none"
returns_every = "none"

[[principles]]
title = "A chair"
wording = "We have one."
"""


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def scheme():
    return SchemeFactory(name="Havens", slug="havens", bare=True)


def material(scheme, for_whom="members", title="Poster", **more):
    if "address" in more:
        return Material.objects.create(scheme=scheme, title=title, for_whom=for_whom, **more)
    found = Material(scheme=scheme, title=title, for_whom=for_whom, extension="pdf")
    found.file.save("poster.pdf", ContentFile(PDF))
    return found


def administrator_of(scheme, client):
    user = OfficerFactory(scheme=scheme, role="administrator").user
    client.force_login(user)
    return user


def refusals(text, **more):
    with pytest.raises(Refused) as refused:
        load_pack(text, **more)
    assert not Scheme.objects.filter(slug="havens").exists()
    return [str(reason) for reason in refused.value.reasons]


# Who reads what


def test_the_public_page_lists_public_materials_only(client, scheme):
    film = material(scheme, "public", "Film", address="https://film.example/1")
    poster = material(scheme, "public", "Poster")
    material(scheme, "members", "Staff guide")
    seen = client.get("/schemes/havens/").text
    assert film.address in seen
    assert f"/materials/{poster.pk}/" in seen
    assert "Staff guide" not in seen
    answer = client.get(f"/materials/{poster.pk}/")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="poster.pdf"'
    assert not answer.cookies


def test_members_find_their_materials_in_the_portal_and_strangers_do_not(client, scheme):
    guide, own = material(scheme, "members", "Guide"), material(scheme, "officers", "Rota")
    sign_up = SignUpFactory(scheme=scheme, approved=True)
    member = MembershipFactory(organisation=sign_up.venue.organisation).user
    stranger = MembershipFactory(organisation=SignUpFactory().venue.organisation).user
    officer = OfficerFactory(scheme=scheme, role="viewer").user

    def opened(user):
        client.logout()
        if user:
            client.force_login(user)
        return [client.get(f"/materials/{each.pk}/").status_code for each in (guide, own)]

    assert opened(None) == [404, 404]
    assert opened(stranger) == [404, 404]
    assert opened(officer) == [200, 200]
    assert opened(member) == [200, 404]
    assert "Materials" in client.get(reverse("portal_home", args=[sign_up.pk])).text
    seen = client.get(reverse("portal_materials", args=[sign_up.pk])).text
    assert "Guide" in seen
    assert "Rota" not in seen
    actions.withdraw_sign_up(sign_up, by=member)
    assert opened(member) == [404, 404]


@pytest.mark.parametrize("end", [actions.hide_scheme, actions.close_scheme])
def test_a_hidden_schemes_public_files_are_not_served(client, scheme, end):
    poster = material(scheme, "public")
    end(scheme, by=OfficerFactory(scheme=scheme, role="administrator").user)
    assert client.get(f"/materials/{poster.pk}/").status_code == 404


def test_a_scheme_without_materials_shows_no_trace_of_them(client, scheme):
    sign_up = SignUpFactory(scheme=scheme, approved=True)
    client.force_login(MembershipFactory(organisation=sign_up.venue.organisation).user)
    assert "Materials" not in client.get(reverse("portal_home", args=[sign_up.pk])).text
    assert "Materials" not in client.get("/schemes/havens/").text


# In the admin


def given(scheme, **more):
    given = {"scheme": scheme.pk, "title": "Poster", "for_whom": "public", "order": 1}
    return given | {"unlocked_from": "approval", **more}


def test_an_administrator_adds_replaces_and_removes_a_file(client, scheme, settings):
    administrator_of(scheme, client)
    add = reverse("admin:venues_material_add")
    client.post(add, given(scheme, address="", file=SimpleUploadedFile("x.bin", PDF)))
    kept = Material.objects.get()
    assert kept.extension == "pdf"
    first = kept.file.name
    change = reverse("admin:venues_material_change", args=[kept.pk])
    client.post(change, given(scheme, title="Big poster", address=""))
    kept.refresh_from_db()
    assert (kept.title, kept.file.name) == ("Big poster", first)
    client.post(change, given(scheme, address="https://poster.example/"))
    kept.refresh_from_db()
    assert (kept.address, kept.file.name) == ("https://poster.example/", "")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"address": ""}, "Give a file or a web address"),
        ({"address": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"file": SimpleUploadedFile("a.pdf", b"MZ program")}, "This is not a PDF"),
        (
            {"file": SimpleUploadedFile("a.pdf", PDF + b" " * sizes.MATERIAL)},
            "This file is larger than 3 MB",
        ),
        (
            {"address": "https://a.example/", "file": SimpleUploadedFile("a.pdf", PDF)},
            "Give a file or a web address, not both",
        ),
    ],
)
def test_a_file_that_cannot_be_stored_is_refused_in_words(client, scheme, more, words):
    administrator_of(scheme, client)
    answer = client.post(reverse("admin:venues_material_add"), given(scheme, **more))
    assert words in answer.text
    assert not Material.objects.exists()


def test_another_schemes_administrator_neither_sees_nor_adds(client, scheme):
    kept = material(scheme)
    administrator_of(SchemeFactory(), client)
    url = reverse("admin:venues_material_change", args=[kept.pk])
    assert client.get(url).status_code == 302
    client.post(reverse("admin:venues_material_add"), given(scheme, address="https://a.example/"))
    assert Material.objects.count() == 1


# In packs


def test_files_and_addresses_survive_the_round_trip(scheme):
    PrincipleFactory(scheme=scheme, order=1)
    material(scheme, "public", "Poster")
    material(scheme, "officers", "Film", address="https://film.example/1")
    once = export_scheme(scheme)
    again = load_pack(once, name="Another", slug="another")
    copied = Material.objects.get(scheme=again, title="Poster")
    with copied.file.open("rb") as file:
        assert file.read() == PDF
    data, copy = tomllib.loads(once), tomllib.loads(export_scheme(again))
    assert copy["materials"] == data["materials"]


def test_a_file_beside_the_pack_is_loaded_by_the_command(tmp_path):
    (tmp_path / "poster.pdf").write_bytes(PDF)
    pack = tmp_path / "mine.toml"
    pack.write_text(PACK + '[[materials]]\ntitle = "Poster"\nfile = "poster.pdf"\n')
    call_command("create_scheme", str(pack))
    assert Material.objects.get().extension == "pdf"


@pytest.mark.parametrize("name", ["missing.pdf", "../secret.pdf", "/etc/passwd"])
def test_a_file_that_is_not_beside_the_pack_is_refused_at_its_line(tmp_path, name):
    (tmp_path / "secret.pdf").write_bytes(PDF)
    folder = tmp_path / "packs"
    folder.mkdir()
    pack = folder / "mine.toml"
    pack.write_text(PACK + f'[[materials]]\ntitle = "Poster"\nfile = "{name}"\n')
    with pytest.raises(CommandError, match=r"Line 15, \[\[materials\]\] 1, file: There is no file"):
        call_command("create_scheme", str(pack))
    assert not Scheme.objects.exists()


def test_an_error_in_a_pack_is_reported_at_its_row():
    start = PACK + '[[materials]]\ntitle = "Poster"\n'
    content = base64.b64encode(b"MZ").decode()
    assert "is not in this pack" in refusals(start + 'file = "a.pdf"\n')[0]
    assert "there is no such key" in refusals(start + 'url = "https://a.example/"\n')[0]
    assert "This is not a file in base 64" in refusals(start + 'content = "§"\n')[0]
    assert "This is not a PDF" in refusals(start + f'file = "a.pdf"\ncontent = "{content}"\n')[0]
    assert "Give a file or a web address" in refusals(start)[0]
    assert "Enter a valid URL" in refusals(start + 'address = "ftp://a.example/"\n')[0]
    twice = start + 'address = "https://a.example/"\n'
    assert "of this title already" in refusals(twice + twice[len(PACK) :])[0]


def test_a_pack_that_could_not_be_read_again_is_not_written(client, scheme, monkeypatch):
    material(scheme, "public")
    administrator_of(scheme, client)
    monkeypatch.setattr(sizes, "PACK", 100)
    answer = client.get(reverse("admin:export_scheme", args=[scheme.pk]), follow=True)
    assert "the pack would be larger than" in answer.text


# Pictures in training


def pictured(scheme):
    module = ModuleFactory(slug="own", title="Own")
    module.schemes.add(scheme)
    module.sections.create(version=1, order=1, title="Look", body="Here:\n\n[[picture 1]]")
    Picture.objects.create(module=module, number=1, alt="A door", file=redraw(upload()))
    return module


def test_pictures_in_a_module_survive_the_round_trip(scheme):
    PrincipleFactory(scheme=scheme, order=1)
    pictured(scheme)
    again = load_pack(export_scheme(scheme), name="Another", slug="another")
    (copied,) = Picture.objects.filter(module__schemes=again)
    assert (copied.number, copied.alt) == (1, "A door")
    assert copied.file.size > 100
    twice = load_pack(export_scheme(again), name="Third", slug="third")
    assert Picture.objects.filter(module__schemes=twice).count() == 1


def test_wrong_pictures_are_refused_in_words_and_leave_no_file(settings):
    start = PACK + (
        '[[modules]]\nslug = "own"\ntitle = "Own"\nsummary = "S"\nkind = "specialist"\n'
        "minutes = 5\n"
    )
    good = base64.b64encode(upload().read()).decode()
    one = f'[[modules.pictures]]\nnumber = 1\nalt = "A door"\ncontent = "{good}"\n'
    assert "two pictures have the same number" in " ".join(refusals(start + one + one))
    missing = '[[modules.pictures]]\nnumber = 1\nalt = "A door"\n'
    assert "pictures 1, content: this key is missing" in " ".join(refusals(start + missing))
    damaged = base64.b64encode(b"not a picture").decode()
    wrong = missing + f'content = "{damaged}"\n'
    assert "pictures 1, content" in " ".join(refusals(start + wrong))
    assert not Module.objects.exists()
    assert not list(settings.MEDIA_ROOT.rglob("*.*"))

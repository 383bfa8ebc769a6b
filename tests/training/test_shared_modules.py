"""Shared modules belong to the installation; a council works on its own copy."""

import pytest
from django.urls import reverse

from tests.factories import OfficerFactory, SchemeFactory, UserFactory
from tests.training.conftest import TODAY, days, train
from training import actions
from training.models import Module

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(db):
    """A superuser, who runs the installation."""
    return UserFactory(is_superuser=True)


@pytest.mark.parametrize("role", ["administrator", "trainer"])
def test_a_council_cannot_change_a_shared_module(client, module, scheme, role):
    client.force_login(OfficerFactory(scheme=scheme, role=role).user)
    address = reverse("admin:training_module_change", args=[module.pk])
    assert 'name="title"' not in client.get(address).text
    assert client.post(address, {"title": "Mine"}).status_code == 403
    for name in ("review_module", "start_new_version"):
        assert client.post(reverse(f"admin:{name}", args=[module.pk])).status_code == 403
    module.refresh_from_db()
    assert (module.title, module.version) == ("Introduction", 1)


def test_a_council_cannot_shorten_other_councils_completions_with_a_refresher(
    client, sam, module, manager, scheme, administrator
):
    done = train(sam, module, manager)
    until = done.valid_until
    other = OfficerFactory(scheme=SchemeFactory(), role="administrator").user
    client.force_login(other)
    client.post(reverse("admin:start_new_version", args=[module.pk]))
    by = (TODAY() + days(40)).isoformat()
    client.post(
        reverse("admin:review_module", args=[module.pk]),
        {"name": "A", "role": "B", "refresher_by": by, "confirmed": "on"},
    )
    done.refresh_from_db()
    assert done.valid_until == until


def test_a_superuser_can_change_a_shared_module(client, module, owner):
    client.force_login(owner)
    client.post(reverse("admin:start_new_version", args=[module.pk]))
    module.refresh_from_db()
    assert module.version == 2


def test_a_module_of_two_schemes_needs_the_permission_in_both(client, module, scheme):
    other = SchemeFactory()
    module.schemes.set([scheme, other])
    administrator = OfficerFactory(scheme=scheme, role="administrator").user
    client.force_login(administrator)
    address = reverse("admin:start_new_version", args=[module.pk])
    assert client.post(address).status_code == 403
    OfficerFactory(scheme=other, role="administrator", user=administrator)
    assert client.post(address).status_code == 302


def test_a_council_copies_a_shared_module_and_has_the_copy_reviewed(
    client, module, scheme, administrator
):
    client.force_login(administrator)
    page = client.get(reverse("admin:training_module_change", args=[module.pk])).text
    assert f"Make a copy for {scheme.name}" in page
    answer = client.post(reverse("admin:copy_module", args=[module.pk]), {"scheme": scheme.pk})
    copy = Module.objects.get(copy_of=module)
    assert answer.url == reverse("admin:training_module_change", args=[copy.pk])
    assert list(copy.schemes.all()) == [scheme]
    assert copy.reviewed_version is None
    assert [section.title for section in copy.sections.all()] == ["First", "Second"]
    assert copy.questions.count() == module.questions.count()
    actions.review_module(copy, by=administrator, name="Ada", role="Lead")
    module.refresh_from_db()
    assert (module.title, module.version) == ("Introduction", 1)


def test_the_shared_module_is_offered_until_no_requirement_names_it(
    module, scheme, requirement, administrator
):
    copy = actions.copy_module(module, scheme, by=administrator)
    assert set(Module.objects.for_scheme(scheme)) == {module, copy}
    actions.review_module(copy, by=administrator, name="Ada", role="Lead")
    assert set(Module.objects.for_scheme(scheme)) == {module, copy}, "a requirement names it still"
    requirement.subject = copy.slug
    requirement.save()
    assert set(Module.objects.for_scheme(scheme)) == {copy}
    assert set(Module.objects.for_scheme(SchemeFactory())) == {module}


def test_a_second_copy_or_a_copy_for_another_council_is_refused(
    client, module, scheme, administrator
):
    client.force_login(administrator)
    address = reverse("admin:copy_module", args=[module.pk])
    assert client.post(address, {"scheme": SchemeFactory().pk}).status_code == 403
    client.post(address, {"scheme": scheme.pk})
    assert client.post(address, {"scheme": scheme.pk}).status_code == 403
    assert Module.objects.filter(copy_of=module).count() == 1

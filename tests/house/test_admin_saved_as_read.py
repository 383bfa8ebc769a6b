"""Two officers on one admin page: nothing is overwritten unseen, inline rows included."""

from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.urls import reverse

from common.admin import Desk
from common.forms import AS_READ
from tests.factories import OfficerFactory, UserFactory
from training.models import Module
from venues.models import Officer

pytestmark = pytest.mark.django_db
MEANWHILE = "while you had this page open"
LISTS = [model for model, desk in admin.site._registry.items() if isinstance(desk, Desk)]


class ChangeForm(HTMLParser):
    """What a browser would post from an untouched admin change form; `rows` are its inlines."""

    def __init__(self, page):
        super().__init__()
        self.sent, self.inside, self.select, self.text = {}, False, None, None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.inside = attrs.get("id", "").endswith("_form")
        name = attrs.get("name")
        if not self.inside or not (name or tag == "option"):
            return
        kind = attrs.get("type", "text")
        if tag == "input" and kind not in ("submit", "file", "button"):
            if kind not in ("checkbox", "radio") or "checked" in attrs:
                self._add(name, attrs.get("value", "on" if kind == "checkbox" else ""))
        elif tag == "textarea":
            self.text = (name, [])
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in attrs:
            self._add(self.select, attrs.get("value", ""))

    def handle_data(self, data):
        if self.text:
            self.text[1].append(data)

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self.text:
            self._add(self.text[0], "".join(self.text[1]).removeprefix("\n"))
            self.text = None
        elif tag == "select":
            self.select = None

    def _add(self, name, value):
        self.sent.setdefault(name, []).append(value)

    @property
    def rows(self):
        return [name for name in self.sent if name.endswith(f"-{AS_READ}")]


@pytest.fixture
def page(client, chain):
    """Opens an object's page as an officer, or as a superuser where no officer may change it."""
    officer = OfficerFactory(scheme=chain["scheme"], role=Officer.Role.ADMINISTRATOR).user

    def opened(thing, user=officer):
        client.force_login(user)
        address = reverse(
            f"admin:{thing._meta.app_label}_{thing._meta.model_name}_change", args=[thing.pk]
        )
        return address, ChangeForm(client.get(address).text)

    return opened


def test_every_untouched_change_form_saves_without_a_conflict(client, chain, page):
    saved = []
    for model in LISTS:
        thing = chain.get(model._meta.model_name)
        if thing is None:
            continue
        for user in (None, UserFactory(is_superuser=True, is_staff=True)):
            address, form = page(thing, user) if user else page(thing)
            if AS_READ in form.sent:
                answer = client.post(address, form.sent, follow=True)
                assert MEANWHILE not in answer.text, address
                saved.append(model._meta.model_name)
                break
    assert {"scheme", "module", "question", "user"} <= set(saved)
    assert len(saved) > 8


def section(chain):
    module = Module.objects.create(
        slug="draft", title="Draft", summary="All.", kind=Module.Kind.INTRODUCTORY, minutes=5
    )
    module.schemes.add(chain["scheme"])
    row = module.sections.create(version=module.version, order=1, title="Before", body="Text.")
    return module, row, "title"


def question(chain):
    module, _row, _field = section(chain)
    row = module.questions.create(version=module.version, order=1, text="Before")
    return module, row, "text"


def choice(chain):
    _module, asked, _field = question(chain)
    row = asked.choices.create(order=1, text="Before", right=True, feedback="Yes.")
    asked.choices.create(order=2, text="Other", feedback="No.")
    return asked, row, "text"


def fact(chain):
    module = section(chain)[0]
    row = module.facts.create(version=module.version, order=1, says="So.", source="Before")
    return module, row, "source"


def contact(chain):
    return chain["scheme"], chain["contact"], "name"


@pytest.mark.parametrize("make", [section, question, choice, fact, contact])
def test_an_inline_row_changed_by_somebody_else_is_not_overwritten(client, chain, page, make):
    thing, row, field = make(chain)
    address, form = page(thing)
    (name,) = [
        each.removesuffix("id") + field
        for each, values in form.sent.items()
        if each.endswith("-id")
        and values == [str(row.pk)]
        and each.removesuffix("id") + field in form.sent
    ]
    assert name.removesuffix(field) + AS_READ in form.rows
    setattr(row, field, "Theirs")
    row.save()
    answer = client.post(address, {**form.sent, name: ["Mine"]})
    assert answer.status_code == 200
    assert MEANWHILE in answer.text
    row.refresh_from_db()
    assert getattr(row, field) == "Theirs"
    again = ChangeForm(answer.text)  # Reported once; the next press saves.
    client.post(address, again.sent)
    row.refresh_from_db()
    assert getattr(row, field) == "Mine"


def test_a_module_field_changed_by_somebody_else_is_not_overwritten(client, chain, page):
    module = section(chain)[0]
    address, form = page(module)
    module.title = "Theirs"
    module.save()
    answer = client.post(address, {**form.sent, "title": ["Mine"]})
    assert MEANWHILE in answer.text
    module.refresh_from_db()
    assert module.title == "Theirs"

"""The sections of a pack that are about the scheme itself, its principles and its questions."""

import base64
import binascii

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from geography.models import Area
from venues.evidence_kinds import Stage, find_kind
from venues.logos import redraw_logo
from venues.models import (
    ContactKind,
    Criterion,
    Principle,
    Requirement,
    Scheme,
    SchemeCheck,
    SchemeContact,
)
from venues.packs.registry import Loading, Section, dump_fields, register
from venues.packs.rows import Key, Row, Text


def _keys(model, *names, **renamed):
    return [
        *(Key(model, name) for name in names),
        *(Key(model, attr, name) for name, attr in renamed.items()),
    ]


def newest_area(code: str) -> Area:
    """The newest boundary of an official code. ValidationError where none is here."""
    newest = Area.objects.filter(code=code.strip().upper()).order_by("-vintage").first()
    if newest is None:
        raise ValidationError(
            _("No area has the code %(code)s. Bring it in with import_areas first.")
            % {"code": code}
        )
    return newest


def _logo(text: str) -> ContentFile:
    try:
        content = base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error:
        raise ValidationError(_("This is not a picture in base 64.")) from None
    return redraw_logo(ContentFile(content, name="logo"))


SCHEME = [
    Key(Scheme, "name"),
    Key(Scheme, "slug", is_required=False),
    *(Key(Scheme, name, is_required=False) for name in ("council", "contact_email")),
    *_keys(Scheme, "contact_phone", "run_by", "delivered_by", "controller"),
    Text("area", check=newest_area),
    *_keys(Scheme, "meetings_every", "returns_every", "offers_stickers", "offers_training"),
    *_keys(Scheme, "training_valid_months", "grace_days", "hours_valid_days"),
    *_keys(Scheme, "earlier_records_valid_until", "hidden_types"),
]
LOOK = [*_keys(Scheme, "noun", "noun_plural", "colour"), Text("logo", check=_logo)]
STICKER = _keys(
    Scheme, title="sticker_title", wording="sticker_wording", valid_months="sticker_valid_months"
)
TEXTS = _keys(Scheme, "what_to_say", "about")
PRINCIPLES = [
    Key(Principle, "order", is_required=False),
    *_keys(Principle, "title", "wording", "help_text"),
]
REQUIREMENTS = [
    Text("principle", required=True, kind=int),
    *_keys(Requirement, "evidence", "needed_for", "at_least", "of_last", "subject", "unlists"),
]
CRITERIA = _keys(Criterion, "slug", "about", "theme", "question", "hint")
CHECKS = _keys(SchemeCheck, "slug", "words", "is_needed")
CONTACT_KIND = _keys(ContactKind, "slug", "words", "is_needed")
NUMBER = [Key(SchemeContact, name, is_required=False) for name in ("name", "number", "when")]
CONTACTS = [*CONTACT_KIND, *NUMBER]


def _dump_scheme(scheme):
    area = {"area": scheme.area.code} if scheme.area else {}
    return [dump_fields(scheme, SCHEME) | area]


def _dump_look(scheme):
    table = dump_fields(scheme, LOOK)
    if scheme.logo:
        with scheme.logo.open("rb") as file:
            table["logo"] = base64.encodebytes(file.read()).decode()
    return [table] if table else []


def _dump_fields_of(keys):
    def dump(scheme):
        table = dump_fields(scheme, keys)
        return [table] if table else []

    return dump


for place, (key, keys, dump) in enumerate(
    [
        ("scheme", SCHEME, _dump_scheme),
        ("look", LOOK, _dump_look),
        ("sticker", STICKER, _dump_fields_of(STICKER)),
        ("texts", TEXTS, _dump_fields_of(TEXTS)),
    ]
):
    register(Section(key, keys, dump, load=None, order=place, many=False))


# Principles and what they require


def _load_principles(loading: Loading, rows: list[Row]) -> None:
    for place, row in enumerate(rows, start=1):
        principle = Principle(scheme=loading.scheme, **{"order": place, **row.values})
        loading.save(row, principle)


def _dump_principles(scheme):
    tables = []
    for place, principle in enumerate(scheme.principles.order_by("order"), start=1):
        table = dump_fields(principle, PRINCIPLES)
        if table["order"] == place:
            del table["order"]
        tables.append(table)
    return tables


def _load_requirements(loading: Loading, rows: list[Row]) -> None:
    principles = {each.order: each for each in loading.scheme.principles.all()}
    for row in rows:
        values = {**row.values}
        number = values.pop("principle")
        if number not in principles:
            words = _("there is no principle %(number)s. There are: %(known)s.")
            known = ", ".join(str(order) for order in sorted(principles)) or "0"
            loading.complain(row, words % {"number": number, "known": known}, "principle")
            continue
        subject = values.get("subject", "")
        values["subject"] = loading.renamed.get(subject, subject)
        if words := _wrong_subject(loading, values):
            loading.complain(row, words, "subject")
            continue
        kind = find_kind(values["evidence"])
        if kind.only_for_standing and values["needed_for"] != Stage.STANDING:
            loading.complain(row, _("this proof can only be needed for standing."), "needed_for")
            continue
        loading.save(row, Requirement(principle=principles[number], **values))


def _wrong_subject(loading, values) -> str:
    kind = find_kind(values["evidence"])
    if not kind.subjects:
        return _("this proof has no subject.") if values["subject"] else ""
    known = [value for value, __ in kind.subjects(loading.scheme)]
    if values["subject"] in known:
        return ""
    words = _("there is nothing called “%(subject)s”. There are: %(known)s.")
    return words % {"subject": values["subject"], "known": ", ".join(known) or _("none yet")}


def _dump_requirements(scheme):
    found = Requirement.objects.filter(principle__scheme=scheme).select_related("principle")
    return [
        {"principle": each.principle.order} | dump_fields(each, REQUIREMENTS)
        for each in found.order_by("principle__order", "pk")
    ]


# Questions and numbers


def _load_criteria(loading: Loading, rows: list[Row]) -> None:
    """A question of the same slug is shared and is used as it stands."""
    first = Criterion.objects.order_by("-order").values_list("order", flat=True).first() or 0
    seen: dict[str, Row] = {}
    for place, row in enumerate(rows, start=1):
        slug = row.values["slug"]
        if slug in seen:
            loading.complain(row, _("there is another question called so."), "slug")
            continue
        seen[slug] = row
        criterion = Criterion.objects.filter(slug=slug).first()
        if criterion is not None and criterion.scheme_id not in (None, loading.scheme.pk):
            loading.complain(row, _("this is another scheme’s own question."), "slug")
            continue
        if criterion is None:
            criterion = Criterion(order=first + place, **row.values)
            if not loading.save(row, criterion):
                continue
        criterion.schemes.add(loading.scheme)


def _load_checks(loading: Loading, rows: list[Row]) -> None:
    for place, row in enumerate(rows, start=1):
        loading.save(row, SchemeCheck(scheme=loading.scheme, order=place, **row.values))


def _load_contacts(loading: Loading, rows: list[Row]) -> None:
    """What a number is needed for and, where the file says it, the number.

    Nobody has confirmed it here: who did elsewhere says nothing about today.
    """
    for place, row in enumerate(rows, start=1):
        about = {key.attr: row.values[key.attr] for key in CONTACT_KIND if key.attr in row.values}
        kind = ContactKind(scheme=loading.scheme, order=place, **about)
        number = {key.attr: row.values[key.attr] for key in NUMBER if key.attr in row.values}
        if loading.save(row, kind) and number:
            loading.save(row, SchemeContact(scheme=loading.scheme, kind=kind, **number))


def _dump_contacts(scheme):
    numbers = {each.kind_id: dump_fields(each, NUMBER) for each in scheme.contacts.all()}
    kinds = scheme.contact_kinds.order_by("order", "pk")
    return [dump_fields(each, CONTACT_KIND) | numbers.get(each.pk, {}) for each in kinds]


def _dump_rows(related, keys, *order):
    def dump(scheme):
        rows = getattr(scheme, related).order_by(*order)
        return [dump_fields(each, keys) for each in rows]

    return dump


register(Section("principles", PRINCIPLES, _dump_principles, _load_principles, order=10))
register(
    # After the modules, which they name.
    Section("requirements", REQUIREMENTS, _dump_requirements, _load_requirements, 20, loads_at=90)
)
dump_criteria = _dump_rows("criteria", CRITERIA, "theme", "order", "pk")
register(Section("criteria", CRITERIA, dump_criteria, _load_criteria, order=30))
dump_checks = _dump_rows("checks_asked", CHECKS, "order", "pk")
register(Section("checks", CHECKS, dump_checks, _load_checks, order=40))
register(Section("contacts", CONTACTS, _dump_contacts, _load_contacts, order=50))

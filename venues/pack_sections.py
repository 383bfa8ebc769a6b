"""Pack sections for the scheme itself, its principles and its questions."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.text import slugify
from django.utils.translation import gettext as _

from common import sizes
from geography.models import Area
from venues.evidence_kinds import Stage, find_kind
from venues.logos import redraw_logo
from venues.materials import checked_file
from venues.models import (
    Clearance,
    ContactKind,
    Criterion,
    Material,
    Principle,
    Requirement,
    Scheme,
    SchemeCheck,
    SchemeContact,
    SchoolHoliday,
    SchoolYear,
    Theme,
)
from venues.packs.registry import Loading, Section, dump_fields, register
from venues.packs.rows import Key, Row, Tables, Text, from_base64, in_base64


def _keys(model, *names, **renamed):
    return [
        *(Key(model, name) for name in names),
        *(Key(model, attr, name) for name, attr in renamed.items()),
    ]


def newest_area(code: str) -> Area:
    """The newest boundary for an official code. ValidationError if there is none."""
    newest = Area.objects.filter(code=code.strip().upper()).order_by("-vintage").first()
    if newest is None:
        raise ValidationError(
            _("No area has the code %(code)s. Bring it in with import_areas first.")
            % {"code": code}
        )
    return newest


def _logo(text: str) -> ContentFile:
    return redraw_logo(ContentFile(from_base64(text), name="logo"))


SCHEME = [
    Key(Scheme, "name"),
    Key(Scheme, "slug", is_required=False),
    *(Key(Scheme, name, is_required=False) for name in ("council", "contact_email")),
    *_keys(Scheme, "contact_phone", "run_by", "delivered_by", "controller"),
    Text("area", check=newest_area),
    *_keys(Scheme, "agrees"),
    *_keys(Scheme, "meetings_every", "returns_every", "offers_stickers", "offers_training"),
    *_keys(Scheme, "offers_card"),
    *_keys(Scheme, "training_valid_months", "grace_days", "hours_valid_days"),
    *_keys(Scheme, "earlier_records_valid_until", "hidden_types", "offers_asked"),
]
LOOK = [*_keys(Scheme, "noun", "noun_plural", "colour"), Text("logo", check=_logo)]
STICKER = _keys(
    Scheme, title="sticker_title", wording="sticker_wording", valid_months="sticker_valid_months"
)
TEXTS = _keys(Scheme, "what_to_say", "about", "walk_in_steps")
PRINCIPLES = [
    Key(Principle, "order", is_required=False),
    *_keys(Principle, "title", "wording", "help_text"),
]
REQUIREMENTS = [
    Text("principle", required=True, kind=int),
    *_keys(Requirement, "evidence", "needed_for", "at_least", "of_last", "subject", "unlists"),
]
THEMES = _keys(Theme, "slug", "title", "order")
DEPENDENCE = [Text("depends_on"), *_keys(Criterion, "depends_value")]
CRITERIA = [
    *_keys(Criterion, "slug", "about", "theme", "question", "hint", "answer_kind", "choices"),
    *DEPENDENCE,
    Text("own", kind=bool),
]
MATERIAL = _keys(Material, "title", "for_whom", "unlocked_from", "address", "made")
MATERIALS = [*MATERIAL, Text("file"), Text("content", check=from_base64)]
CHECKS = _keys(SchemeCheck, "slug", "words", "is_needed")
CLEARANCES = _keys(Clearance, "slug", "kind", "owner", "what", "shown", "website")
HOLIDAYS = _keys(SchoolHoliday, "starts_on", "ends_on")
SCHOOL_YEARS = [
    *_keys(SchoolYear, "starts_on", "ends_on"),
    Text("area", check=newest_area),
    Tables("holidays", HOLIDAYS),
]
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
            table["logo"] = in_base64(file.read())
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


# Principles and their requirements


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
        if loading.scheme.is_for_organisations:
            words = _("organisations sign up to this scheme as a whole: no place proves anything.")
            loading.complain(row, words)
            continue
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
    """A shared question with the same slug is reused unchanged; a scheme's own is always added."""
    first = Criterion.objects.order_by("-order").values_list("order", flat=True).first() or 0
    seen: dict[str, Criterion] = {}
    added: list[tuple[Row, Criterion]] = []
    for place, row in enumerate(rows, start=1):
        slug = row.values["slug"]
        if slug in seen:
            loading.complain(row, _("there is another question called so."), "slug")
            continue
        here, is_own = Criterion.objects.filter(slug=slug).first(), row.values.get("own", False)
        if here is not None and here.scheme_id is not None and not is_own:
            loading.complain(row, _("this is another scheme’s own question."), "slug")
        if here is None or is_own:
            here = _criterion(loading, row, order=first + place, is_taken=here is not None)
            if not loading.save(row, here):
                seen[slug] = here
                continue
            loading.renamed.setdefault(slug, here.slug)
            added.append((row, here))
        seen[slug] = here
        here.schemes.add(loading.scheme)
    # A question's condition may refer to one further down, so this is a second pass.
    for row, criterion in added:
        _load_dependence(loading, row, criterion, seen)
    _check_what_is_waited_for(loading, rows, seen)


def _criterion(loading: Loading, row: Row, *, order: int, is_taken: bool) -> Criterion:
    """A row's question, without its condition. If the slug is taken, the scheme's slug is
    appended.
    """
    left_out = {key.key for key in DEPENDENCE} | {"own"}
    values = {key: value for key, value in row.values.items() if key not in left_out}
    if row.values.get("own", False):
        values["scheme"] = loading.scheme
        if is_taken:
            values["slug"] = f"{row.values['slug'][:24]}-{loading.scheme.slug[:25]}"
    return Criterion(order=order, **values)


def _load_dependence(
    loading: Loading, row: Row, criterion: Criterion, known: dict[str, Criterion]
) -> None:
    slug, value = row.values.get("depends_on", ""), row.values.get("depends_value", "")
    if not slug and not value:
        return
    if slug and slug not in known:
        words = _("there is no question called “%(slug)s” in this file.") % {"slug": slug}
        loading.complain(row, words, "depends_on")
        return
    criterion.depends_on = known.get(slug)
    criterion.depends_value = value
    if criterion.depends_on is None or criterion.depends_on.pk:
        loading.save(row, criterion)


def _check_what_is_waited_for(
    loading: Loading, rows: list[Row], known: dict[str, Criterion]
) -> None:
    """Report an existing question whose condition refers to one this scheme would not ask."""
    asked = {each.pk for each in known.values()}
    for row in rows:
        other = known[row.values["slug"]].depends_on
        if other is not None and other.pk not in asked:
            words = _(
                "this question is here already, and asked only after “%(slug)s”. Ask that one too."
            )
            loading.complain(row, words % {"slug": other.slug}, "slug")


def _asked(scheme) -> list[Criterion]:
    """A scheme's questions, except those depending on one it does not ask."""
    found = Criterion.objects.asked_by(scheme).select_related("depends_on")
    by_pk = {each.pk: each for each in found}

    def is_reached(criterion):
        other = criterion.depends_on_id
        return other is None or (other in by_pk and is_reached(by_pk[other]))

    return [each for each in found if is_reached(each)]


def _dump_criteria(scheme):
    tables = []
    for each in _asked(scheme):
        table = dump_fields(each, CRITERIA)
        if each.depends_on:
            value = table.pop("depends_value")
            table |= {"depends_on": each.depends_on.slug, "depends_value": value}
        tables.append(table | ({"own": True} if each.scheme_id else {}))
    return tables


def _load_themes(loading: Loading, rows: list[Row]) -> None:
    """An existing heading is shared and reused unchanged."""
    seen = set()
    for row in rows:
        slug = row.values["slug"]
        if slug in seen:
            loading.complain(row, _("there is another theme called so."), "slug")
        elif not loading.problems and not loading.scheme.criteria.filter(theme=slug).exists():
            loading.complain(row, _("no question in this file has this theme."), "slug")
        elif not Theme.objects.filter(slug=slug).exists():
            loading.save(row, Theme(**row.values))
        seen.add(slug)


def _dump_themes(scheme):
    used = {each.theme for each in _asked(scheme)}
    found = Theme.objects.filter(slug__in=used).order_by("order", "slug")
    return [dump_fields(each, THEMES) for each in found]


def _load_checks(loading: Loading, rows: list[Row]) -> None:
    for place, row in enumerate(rows, start=1):
        loading.save(row, SchemeCheck(scheme=loading.scheme, order=place, **row.values))


def _load_clearances(loading: Loading, rows: list[Row]) -> None:
    """What waits for somebody's word. Who gave it elsewhere says nothing about here."""
    for row in rows:
        loading.save(row, Clearance(scheme=loading.scheme, **row.values))


def _load_contacts(loading: Loading, rows: list[Row]) -> None:
    """The purposes that need numbers and, where the file has them, the numbers.

    They are unconfirmed here: a confirmation elsewhere says nothing about today.
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


def _load_school_years(loading: Loading, rows: list[Row]) -> None:
    for row in rows:
        values = {**row.values}
        holidays = values.pop("holidays", [])
        year = SchoolYear(scheme=loading.scheme, **values)
        if loading.save(row, year):
            for holiday in holidays:
                loading.save(row, SchoolHoliday(year=year, **holiday))


def _dump_school_years(scheme):
    tables = []
    for year in scheme.school_years.select_related("area").order_by("starts_on", "pk"):
        table = dump_fields(year, SCHOOL_YEARS)
        if year.area:
            table["area"] = year.area.code
        holidays = [dump_fields(each, HOLIDAYS) for each in year.holidays.order_by("starts_on")]
        tables.append(table | ({"holidays": holidays} if holidays else {}))
    return tables


def _dump_rows(related, keys, *order):
    def dump(scheme):
        rows = getattr(scheme, related).order_by(*order)
        return [dump_fields(each, keys) for each in rows]

    return dump


# Materials


def _load_materials(loading: Loading, rows: list[Row]) -> None:
    for place, row in enumerate(rows, start=1):
        about = {key.attr: row.values[key.attr] for key in MATERIAL if key.attr in row.values}
        material = Material(scheme=loading.scheme, order=place, **about)
        if row.values.get("file") or row.values.get("content"):
            try:
                upload = _bytes_of(loading, row.values)
                material.file, material.extension = checked_file(upload)
            except ValidationError as error:
                loading.complain(row, " ".join(error.messages), "file")
                continue
        loading.save(row, material)


def _bytes_of(loading: Loading, values: dict) -> ContentFile:
    """The file's content: in the pack itself, or beside it. ValidationError in words if neither."""
    name = values.get("file", "")
    if content := values.get("content"):
        return ContentFile(content, name=name)
    if loading.folder is None:
        raise ValidationError(
            _("“%(name)s” is not in this pack. Give its content in base 64, or a web address.")
            % {"name": name}
        )
    path = loading.folder / name
    if Path(name).name != name or not path.is_file():
        raise ValidationError(_("There is no file “%(name)s” beside the pack.") % {"name": name})
    if path.stat().st_size > sizes.MATERIAL:
        raise ValidationError(
            _("“%(name)s” is larger than %(most)s MB.")
            % {"name": name, "most": sizes.megabytes(sizes.MATERIAL)}
        )
    return ContentFile(path.read_bytes(), name=name)


def _dump_materials(scheme):
    tables = []
    for each in scheme.materials.order_by("order", "pk"):
        table = dump_fields(each, MATERIAL)
        if each.file:
            table["file"] = f"{slugify(each.title) or 'file'}.{each.extension}"
            with each.file.open("rb") as file:
                table["content"] = in_base64(file.read())
        tables.append(table)
    return tables


register(Section("principles", PRINCIPLES, _dump_principles, _load_principles, order=10))
register(
    # Loaded after the modules, because requirements refer to them.
    Section("requirements", REQUIREMENTS, _dump_requirements, _load_requirements, 20, loads_at=90)
)
# Loaded after the questions, because they refer to them.
register(Section("themes", THEMES, _dump_themes, _load_themes, order=25, loads_at=35))
register(Section("criteria", CRITERIA, _dump_criteria, _load_criteria, order=30))
dump_checks = _dump_rows("checks_asked", CHECKS, "order", "pk")
register(Section("checks", CHECKS, dump_checks, _load_checks, order=40))
dump_clearances = _dump_rows("clearances", CLEARANCES, "kind", "pk")
register(Section("clearances", CLEARANCES, dump_clearances, _load_clearances, order=45))
register(Section("contacts", CONTACTS, _dump_contacts, _load_contacts, order=50))
register(Section("materials", MATERIALS, _dump_materials, _load_materials, order=95))
register(Section("school_years", SCHOOL_YEARS, _dump_school_years, _load_school_years, order=55))

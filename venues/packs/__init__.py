"""A whole scheme as one readable file, loaded into the database and exported from it.

`docs/decisions/packs.md` says what a pack contains and what it does not.
"""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from common import sizes
from common.refusals import Refused
from common.storage import no_orphans
from venues.models import Event, Scheme

from .registry import Loading, in_order_of_loading, sections
from .rows import Row, check_rows, places_of, read_toml
from .writing import as_toml

FOLDER = Path(__file__).parent

__all__ = ["available", "create_scheme", "export_scheme", "load_pack", "text_of"]


def available() -> list[str]:
    """The names of the bundled packs."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def text_of(pack: str) -> str:
    """The text of a bundled pack. FileNotFoundError if there is none of that name."""
    return (FOLDER / f"{pack}.toml").read_text(encoding="utf-8")


def create_scheme(
    pack: str, *, council: str, contact_email: str, by: User | None = None, **overrides
) -> Scheme:
    """Create a scheme, not open yet, from a bundled pack.

    `overrides` are fields of Scheme. Refused with one sentence per mistake.
    """
    given = {"council": council, "contact_email": contact_email, **overrides}
    return load_pack(text_of(pack), by=by, **given)


def load_pack(
    text: str, *, by: User | None = None, folder: Path | None = None, **overrides
) -> Scheme:
    """Create a scheme, not open yet, from the pack `text`; all or nothing.

    `folder` holds the files that the pack names, if it came from a disk. `overrides` are fields of
    Scheme that take precedence over the pack's. Refused with one sentence
    per mistake, giving its line and section.
    """
    rows = _checked_rows(text)
    with no_orphans(), transaction.atomic():
        loading = Loading(_unsaved_scheme(rows, overrides), by, folder)
        if not _save_scheme(loading, rows):
            raise Refused(*loading.problems)
        for section in in_order_of_loading():
            if section.load and section.key in rows:
                section.load(loading, rows[section.key])
        if loading.problems:
            raise Refused(*loading.problems)
        Event.objects.record("venues.scheme_created", scheme=loading.scheme, by=by)
    return loading.scheme


def export_scheme(scheme: Scheme) -> str:
    """The scheme as a pack: everything except people, places, dates of decisions and its host.

    Refused if it would be too large to be read again.
    """
    text = as_toml([(each.key, each.many, each.dump(scheme)) for each in sections()])
    if len(text.encode()) > sizes.PACK:
        words = _(
            "With its files and pictures the pack would be larger than %(most)s MB. Put some of "
            "the materials on the web and give their addresses instead."
        )
        raise Refused(words % {"most": sizes.megabytes(sizes.PACK)})
    return text


def _checked_rows(text: str) -> dict[str, list[Row]]:
    """The validated rows of each section in the file."""
    data, places = read_toml(text), places_of(text)
    known = {each.key: each for each in sections()}
    problems = [
        _("Line %(line)s, [%(key)s]: there is no such section. There are: %(known)s.")
        % {"line": places.get((key, 1), (1, {}))[0], "key": key, "known": ", ".join(known)}
        for key in data
        if key not in known
    ]
    if "scheme" not in data:
        problems.append(_("The section [scheme] is missing."))
    rows = {}
    for key, section in known.items():
        if key in data:
            rows[key], wrong = check_rows(key, section.many, section.keys, data[key], places)
            problems += wrong
    if problems:
        raise Refused(*problems)
    return rows


def _fields_of_scheme(rows):
    """(attribute, value, row) for each field of the scheme itself."""
    for section in sections():
        if section.load is not None:
            continue
        for row in rows.get(section.key, []):
            for attr, value in row.values.items():
                yield attr, value, row


def _unsaved_scheme(rows, overrides) -> Scheme:
    values = {attr: value for attr, value, __ in _fields_of_scheme(rows)} | overrides
    values.setdefault("slug", slugify(values["name"])[:50])
    if "name" in overrides and "slug" not in overrides:
        values["slug"] = slugify(overrides["name"])[:50]
    logo = values.pop("logo", None)
    scheme = Scheme(**values)
    if logo:
        scheme.logo.save(logo.name, logo, save=False)
    return scheme


def _save_scheme(loading: Loading, rows) -> bool:
    """Run the scheme's own validation, reporting each error at the line it is about."""
    found = {attr: row for attr, __, row in _fields_of_scheme(rows)}
    try:
        loading.scheme.full_clean(exclude=["logo"])
    except ValidationError as error:
        for attr, errors in error.error_dict.items():
            row = found.get(attr, rows["scheme"][0])
            words = " ".join(ValidationError(errors).messages)
            if any(each.code == "unique" for each in errors):
                words = _("A scheme with this %(what)s is here already: “%(value)s”.") % {
                    "what": Scheme._meta.get_field(attr).verbose_name,
                    "value": getattr(loading.scheme, attr),
                }
            loading.complain(row, words, "" if attr == "__all__" else attr)
        return False
    loading.scheme.save()
    return True

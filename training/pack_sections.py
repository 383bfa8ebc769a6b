"""Training in a pack: modules shipped with the software by name, others in full, with their
pictures.
"""

from dataclasses import fields

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db.models import Q
from django.utils.translation import gettext as _

from common.refusals import Refused
from training.actions import add_module, load_module
from training.content import FOLDER, VersionText, read
from training.models import Choice, Fact, Module, OutlineStep, Paper, Picture, Question
from training.models import Section as ModuleSection
from training.rules import version_text
from venues.models import Scheme
from venues.packs.registry import Loading, Section, dump_fields, register
from venues.packs.rows import Key, Row, Tables, Text, from_base64, in_base64
from venues.photos import redraw


def picture(text: str) -> ContentFile:
    """A base 64 picture, re-encoded as on upload. ValidationError in words if that fails."""
    return redraw(ContentFile(from_base64(text), name="picture"))


ABOUT = [
    Key(Module, name, is_required=False)
    for name in (
        *("title", "summary", "kind", "minutes", "aims", "audience", "level", "completed_by"),
        *("pass_mark", "valid_months", "for_types", "for_sectors", "suggested_at_night"),
        *("suggested_types", "suggested_sectors", "suggested_served"),
    )
]
PICTURE = [
    Key(Picture, "number"),
    Key(Picture, "alt"),
    Text("content", required=True, check=picture),
]
CHOICE = [Key(Choice, "text"), Key(Choice, "right"), Key(Choice, "feedback")]
MODULES = [
    Key(Module, "slug"),
    *ABOUT,
    Text("shared", kind=bool),
    Text("prerequisites", kind=list),
    Tables("sections", [Key(ModuleSection, "title"), Key(ModuleSection, "body")]),
    Tables("pictures", PICTURE),
    Tables("questions", [Key(Question, "text"), Tables("choices", CHOICE, required=True)]),
    Tables("papers", [Key(Paper, "kind"), Key(Paper, "body")]),
    Tables("outline", [Key(OutlineStep, name) for name in ("minutes", "title", "text")]),
    Tables("facts", [Key(Fact, name) for name in ("says", "source", "url", "to_confirm")]),
]


PARTS = [each.name for each in fields(VersionText)]


def _comes_with_the_software(slug: str) -> bool:
    return (FOLDER / slug / "module.toml").is_file()


def _is_as_it_came(module: Module, version: int) -> bool:
    """Whether the name is enough: an unmodified shared module of the software."""
    if not module.loaded_digest or not _comes_with_the_software(module.slug):
        return False
    return version_text(module, version) == read(FOLDER / module.slug).text


def _load(loading: Loading, rows: list[Row]) -> None:
    seen: set[str] = set()
    for row in rows:
        slug = row.values["slug"]
        if slug in seen:
            loading.complain(row, _("there is another module called so."), "slug")
            continue
        seen.add(slug)
        if set(row.values) == {"slug"}:
            _load_by_name(loading, row, slug)
        else:
            _load_whole(loading, row)


def _load_by_name(loading, row, slug):
    """Load a shared module that exists here, or one shipped with the software."""
    if Module.objects.filter(slug=slug, schemes__isnull=True).exists():
        return
    if not _comes_with_the_software(slug):
        words = _("there is no training module called “%(slug)s” here. Write the whole module.")
        loading.complain(row, words % {"slug": slug}, "slug")
        return
    try:
        load_module(read(FOLDER / slug), by=loading.by)
    except Refused as refusal:
        loading.complain(row, str(refusal), "slug")


def _load_whole(loading, row):
    """Load one of the scheme's own modules, or a shared one that does not exist here yet."""
    values = {**row.values}
    pictures = values.pop("pictures", [])
    parts = {name: values.pop(name, []) for name in PARTS}
    before = values.pop("prerequisites", [])
    shared = values.pop("shared", False)
    if shared and Module.objects.filter(slug=values["slug"], schemes__isnull=True).exists():
        return
    missing = [each.key for each in ABOUT if each.field.name in REQUIRED and each.key not in values]
    for key in missing:
        loading.complain(row, _("this key is missing."), key)
    known = set(Module.objects.filter(slug__in=before).values_list("slug", flat=True))
    for slug in before:
        if loading.renamed.get(slug, slug) not in known | set(loading.renamed.values()):
            words = _("there is no training module called “%(slug)s” before this one.")
            loading.complain(row, words % {"slug": slug}, "prerequisites")
    _check_pictures(loading, row, pictures)
    kinds = [each.get("kind") for each in parts["papers"]]
    if len(kinds) != len(set(kinds)):
        loading.complain(row, _("two papers are of the same kind."), "papers")
    if missing or loading.problems:
        return
    wanted = values["slug"]
    parts["sections"] = [(each["title"], each["body"]) for each in parts["sections"]]
    try:
        module = add_module(
            values,
            VersionText(**parts),
            pictures=[(each["number"], each["alt"], each["content"]) for each in pictures],
            before=[loading.renamed.get(slug, slug) for slug in before],
            scheme=None if shared else loading.scheme,
            by=loading.by,
        )
    except ValidationError as error:
        for name, words in error.message_dict.items():
            loading.complain(row, " ".join(words), "" if name == "__all__" else name)
        return
    loading.renamed[wanted] = module.slug


def _check_pictures(loading, row, pictures):
    """Require a number of its own for each picture. The review reports missing ones, as
    elsewhere.
    """
    numbers = [each["number"] for each in pictures]
    if len(numbers) != len(set(numbers)):
        loading.complain(row, _("two pictures have the same number."), "pictures")


REQUIRED = {"title", "summary", "kind", "minutes"}


def _dump(scheme: Scheme) -> list[dict]:
    """The scheme's own and shared modules, prerequisites first."""
    found = Module.objects.filter(Q(schemes=scheme) | Q(schemes__isnull=True)).distinct()
    modules = {each.pk: each for each in found.order_by("slug")}
    placed: dict[int, Module] = {}

    def place(module):
        if module.pk in placed:
            return
        for before in module.prerequisites.filter(pk__in=modules).order_by("slug"):
            place(before)
        placed[module.pk] = module

    for module in modules.values():
        place(module)
    return [_table(module, modules) for module in placed.values()]


def _table(module: Module, modules: dict[int, Module]) -> dict:
    version = module.reviewed_version or module.version
    if _is_as_it_came(module, version):
        return {"slug": module.slug}
    table = dump_fields(module, MODULES)
    if not module.schemes.exists():
        table["shared"] = True
    before = module.prerequisites.filter(pk__in=modules).order_by("slug")
    table["prerequisites"] = [each.slug for each in before]
    text = version_text(module, version)
    table["sections"] = [{"title": title, "body": body} for title, body in text.sections]
    table["pictures"] = [_picture_table(each) for each in module.pictures.all()]
    table["questions"] = [
        {**question, "choices": [_shortened(choice) for choice in question["choices"]]}
        for question in text.questions
    ]
    table["papers"], table["outline"] = text.papers, text.outline
    table["facts"] = [_shortened(fact) for fact in text.facts]
    return {key: value for key, value in table.items() if value != []}


def _shortened(row: dict) -> dict:
    """Without values that a pack may omit: False and empty ones."""
    return {key: value for key, value in row.items() if value}


def _picture_table(picture: Picture) -> dict:
    with picture.file.open("rb") as file:
        content = in_base64(file.read())
    return {"number": picture.number, "alt": picture.alt, "content": content}


register(Section("modules", MODULES, _dump, _load, order=60))

"""Architecture: layers, templates, events and migrations follow the design."""

import ast
import inspect
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db.models import ForeignObject
from django.urls import get_resolver

ROOT = Path(settings.BASE_DIR)
LEVEL = {
    "common": 0,
    "accounts": 1,
    "geography": 1,
    "venues": 2,
    "training": 3,
    "signposting": 3,
    "coverage": 3,
    "partnership": 4,
    "safespaces": 5,
    "demo": 6,
}
SOURCES = sorted(
    path for app in LEVEL for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts
)


def may_use(app: str, other: str) -> bool:
    return other not in LEVEL or other == app or LEVEL[other] < LEVEL[app]


def imported(node) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        return [node.module]
    return []


def test_the_walk_finds_modules():
    assert len(SOURCES) > 50


@pytest.fixture(scope="module")
def trees() -> dict[Path, ast.Module]:
    """Every module of ours, parsed once."""
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}


def test_imports_point_down(trees):
    upward = [
        f"{path.relative_to(ROOT)}: {name}"
        for path, tree in trees.items()
        for node in ast.walk(tree)
        for name in imported(node)
        if not may_use(path.relative_to(ROOT).parts[0], name.split(".")[0])
    ]
    assert upward == []


def test_no_import_of_our_own_code_is_inside_a_function(trees):
    hidden = [
        f"{path.relative_to(ROOT)}: {name}"
        for path, tree in trees.items()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        for name in imported(node)
        if name.split(".")[0] in LEVEL
    ]
    assert hidden == []


NAMES_AN_APP = re.compile(rf"(?:admin:)?({'|'.join(LEVEL)})(?:[./]\w[\w./]*|_\w+_\w+)")
"""A permission, an event, a model, a module, a template, or a page of the admin."""
NAMED_FROM_BELOW = {
    ("safespaces/urls.py", "demo.urls"),  # Included only where the demo is installed.
    ("common/limits.py", "safespaces.limits"),  # A logger that operators know by this name.
    ("venues/admin/schemes.py", "training_valid_months"),  # A field of Scheme.
    ("venues/pack_sections.py", "training_valid_months"),  # The same field.
}


def strings_from_above(path: Path, tree: ast.Module, url_apps: dict[str, set[str]]) -> list[str]:
    """Strings in `tree` that name a higher app, or a URL whose view lives in one."""
    app = path.relative_to(ROOT).parts[0]
    found = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            continue
        named = NAMES_AN_APP.fullmatch(node.value)
        apps_named = {named[1]} if named else url_apps.get(node.value, set())
        if apps_named and not any(may_use(app, each) for each in apps_named):
            found.append(node.value)
    return found


@pytest.fixture(scope="module")
def url_apps() -> dict[str, set[str]]:
    """URL name -> the apps whose views serve it. A single word may mean something else as well."""
    found: dict[str, set[str]] = {}

    def walk(resolver):
        for each in resolver.url_patterns:
            if hasattr(each, "url_patterns"):
                walk(each)
            elif each.name and "_" in each.name and not hasattr(each.callback, "model_admin"):
                view = inspect.unwrap(each.callback)
                found.setdefault(each.name, set()).add(view.__module__.split(".")[0])

    walk(get_resolver())
    return found


def test_no_string_names_a_higher_app(trees, url_apps):
    upward = {
        (str(path.relative_to(ROOT)), name)
        for path, tree in trees.items()
        # A permission may share its name with a page of a higher app.
        if path.name != "permissions.py"
        for name in strings_from_above(path, tree, url_apps)
    }
    assert upward - NAMED_FROM_BELOW == set()


@pytest.mark.parametrize(
    "code",
    [
        'user.has_perm("training.plan_session")',
        'reverse("admin:partnership_meeting_change", args=[1])',
        'render(request, "coverage/gap.html")',
        'redirect("training_home", 1)',
        'ALLOWED = {"partnership.view_pack": EVERYONE}',
    ],
)
def test_a_string_in_venues_that_names_a_higher_app_is_found(code, url_apps):
    assert strings_from_above(ROOT / "venues" / "made_up.py", ast.parse(code), url_apps)


@pytest.mark.parametrize(
    "code", ['has_perm("venues.issue_sticker")', 'words = "training"', '"""See training."""']
)
def test_a_harmless_string_in_venues_is_ignored(code, url_apps):
    assert not strings_from_above(ROOT / "venues" / "made_up.py", ast.parse(code), url_apps)


def test_foreign_keys_point_down():
    upward = [
        f"{model._meta.label}.{field.name}"
        for app in LEVEL
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignObject)
        and field.related_model != "self"
        and not may_use(app, field.related_model._meta.app_label)
    ]
    assert upward == []


LIBRARIES = {
    path.stem: path.relative_to(ROOT).parts[0]
    for app in LEVEL
    for path in (ROOT / app).glob("templatetags/*.py")
    if path.stem != "__init__"
}
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def name_of(path: Path) -> str:
    """A template as its engine names it; those of the second engine are in a folder of theirs."""
    return path.relative_to(ROOT / "templates").as_posix().removeprefix("jinja/")


def test_templates_load_and_extend_only_lower_layers():
    upward = {
        str(path.relative_to(ROOT)): used for path in TEMPLATES if (used := used_from_above(path))
    }
    assert upward == {}


def used_from_above(path: Path) -> list[str]:
    """Tag libraries and templates of higher apps that `path` uses."""
    app = name_of(path).split("/")[0]
    text = path.read_text(encoding="utf-8")
    loaded = {
        word
        for tag in re.findall(r"{%\s*load\s+([^%]+?)\s*%}", text)
        for word in tag.partition(" from ")[2].split() or tag.split()
    }
    used = {
        name.split("/")[0]
        for name in re.findall(r"{%\s*(?:include|extends)\s+[\"']([^\"']+)[\"']", text)
    }
    level_app = app if app in LEVEL else "safespaces"
    upward = [name for name in loaded if not may_use(level_app, LIBRARIES.get(name, ""))]
    return upward + [name for name in used if name in LEVEL and not may_use(level_app, name)]


URL_IN_TEMPLATE = re.compile(r"""(?:{%\s*url\s+|\burl\()["']([^"']+)["']""")
ADMIN_PAGE = re.compile(rf"admin:({'|'.join(LEVEL)})_\w+_\w+")
FRAME = "admin:index"
"""The way back to the officers' first page: Django's own, whoever answers it."""


@pytest.fixture(scope="module")
def url_names() -> dict[str, set[str]]:
    """Each URL name as templates write it, and the apps whose views serve it."""
    found: dict[str, set[str]] = {}

    def walk(resolver, space=""):
        for each in resolver.url_patterns:
            if hasattr(each, "url_patterns"):
                walk(each, f"{each.namespace}:" if each.namespace else space)
            elif each.name:
                app = inspect.unwrap(each.callback).__module__.split(".")[0]
                found.setdefault(f"{space}{each.name}", set()).add(app)

    walk(get_resolver())
    return found


def app_of_template(path: Path) -> str:
    """The app a template belongs to. Site-wide templates belong to the top; admin pages to
    their app.
    """
    parts = name_of(path).split("/")
    app = parts[1] if parts[0] == "admin" and len(parts) > 2 else parts[0]
    return app if app in LEVEL else "safespaces"


def pages_above(app: str, text: str, url_names: dict[str, set[str]]) -> list[str]:
    """Pages of higher apps, forbidden to `app`, that a template links to by name."""
    found = []
    for name in URL_IN_TEMPLATE.findall(text):
        page = ADMIN_PAGE.fullmatch(name)
        apps_named = {page[1]} if page else url_names.get(name, set()) & LEVEL.keys()
        if name != FRAME and apps_named and not any(may_use(app, each) for each in apps_named):
            found.append(name)
    return found


def test_no_template_links_to_a_page_of_a_higher_app(url_names):
    upward = {
        str(path.relative_to(ROOT)): found
        for path in TEMPLATES
        if (found := pages_above(app_of_template(path), path.read_text("utf-8"), url_names))
    }
    assert upward == {}  # Lower pages get such links through common/page_links.py instead.


@pytest.mark.parametrize(
    ("app", "text"),
    [
        ("venues", """{% url "training_home" sign_up.pk %}"""),
        ("venues", """{% url 'sessions' as sessions_url %}"""),
        ("common", """{% url "portal_home" %}"""),
        ("venues", """{% url "admin:partnership_meeting_change" 1 %}"""),
        ("venues", """{% url "admin:confirm_meeting" 1 %}"""),
        ("coverage", """{% url "finder" %}"""),
        ("venues", """{{ url("finder") }}"""),
    ],
)
def test_a_template_linking_to_a_higher_app_is_found(app, text, url_names):
    assert pages_above(app, text, url_names)


@pytest.mark.parametrize(
    ("app", "text"),
    [
        ("training", """{% url "portal_home" %}"""),
        ("venues", """{% url "admin:index" %}{% url "admin:venues_venue_change" 1 %}"""),
        ("signposting", """{% url "finder" %}{% url name %}"""),
    ],
)
def test_a_template_linking_to_its_own_or_lower_pages_is_ignored(app, text, url_names):
    assert not pages_above(app, text, url_names)


NAMED_BY_LIBRARIES = {
    *("account", "mfa", "usersessions", "allauth"),
    *("admin", "safespaces", "django", "registration"),
}
"""Folders whose templates are named by a library, not by us."""


def named_by_a_pattern(name, texts):
    """Whether code builds this name, as f"training/learn_{name}.html", and contains the missing
    word.
    """
    for pattern in re.findall(r'f"([\w/]*\{\w+\}[\w/]*\.html)"', texts):
        start, _gap, end = re.split(r"(\{\w+\})", pattern)
        gap = name.removeprefix(start).removesuffix(end)
        if start + gap + end == name and f'"{gap}"' in texts:
            return True
    return False


def test_no_template_is_unused():
    texts = "\n".join(path.read_text(encoding="utf-8") for path in [*TEMPLATES, *SOURCES])
    unused = [
        name
        for name in map(name_of, TEMPLATES)
        if name.split("/")[0] not in NAMED_BY_LIBRARIES
        and f'"{name}"' not in texts
        and f"'{name}'" not in texts
        and not named_by_a_pattern(name, texts)
    ]
    # Error pages are found by status code.
    assert [name for name in unused if not re.fullmatch(r"\d{3}(_csrf)?\.html", name)] == []


def test_no_signals_between_our_apps():
    # Third-party signals are allowed where a library offers no other hook.
    ours = re.compile(r"Signal\(|models\.signals|import (pre|post)_(save|delete)")
    users = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if ours.search(path.read_text(encoding="utf-8"))
    ]
    assert users == []


def test_no_model_overrides_save():
    overriders = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if "models" in path.name or "models" in path.parts
        if re.search(r"^    def save\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert overriders == []


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_no_file_contains_a_machine_specific_path():
    pattern = re.compile(r"(^|[^A-Za-z0-9_.-])/(work|farm|root)/", re.MULTILINE)
    named = [
        str(path.relative_to(ROOT))
        for path in [*SOURCES, *TEMPLATES, *(ROOT / "bin").iterdir(), ROOT / "README.md"]
        if pattern.search(path.read_text(encoding="utf-8"))
    ]
    assert named == []

"""Mutation testing: a pytest plugin that makes small wrong changes and reports those no test
notices.

`bin/mutate common/disclosure.py` changes one thing at a time, in memory: `<` to `<=`, 7 to 8, `and`
to `or`. A change inside a function runs in a process forked after the tests were collected and
passed once, so it costs no start-up; a change in import-time code gets a fresh process. No file is
ever touched. pyproject.toml says under [tool.mutate] which tests cover a module;
docs/decisions/mutation.md says why this is not one of the existing tools.
"""

import ast
import functools
import gc
import os
import random
import signal
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from functools import partial
from importlib.machinery import SourceFileLoader
from importlib.util import spec_from_loader
from itertools import islice
from pathlib import Path
from types import CodeType, FunctionType
from typing import NamedTuple

import pytest
from _pytest.runner import runtestprotocol
from django.db import connections

ROOT = Path(__file__).resolve().parent.parent
SLOW_START = 20
"""Seconds that a change may take beside five times what the tests took unchanged."""

QUICK = 0.1
"""Seconds."""

COMPARED = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
JOINED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd}
LOOKUPS = {"lt": "lte", "lte": "lt", "gt": "gte", "gte": "gt"}
CALLED = {"min": "max", "max": "min", "any": "all", "all": "any"}


class Mutant(NamedTuple):
    """One wrong change in a module: the original code and its replacement."""

    path: str
    line: int
    where: str
    """The function or class, dotted; empty for a module's own code."""
    in_function: bool
    was: str
    now: str
    repeated: int
    """How many of the same words came before it in the same function."""
    number: int
    """Among all of its module."""
    code: Callable[[], CodeType]
    """The compiled module with the change."""

    @property
    def key(self) -> str:
        """What tests/equivalent_mutants.toml knows it by: it survives a change of lines."""
        again = f" ({self.repeated + 1})" if self.repeated else ""
        return f"{self.where}: {self.was} -> {self.now}{again}"

    def __str__(self):
        return f"{self.path}:{self.line}: {self.key}"


def mutants(path: str) -> Iterator[Mutant]:
    """Every mutant of the module at `path` (relative to the project root), in order.

    All share one tree: each puts its change there only while its code is compiled.
    """
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    seen: Counter[tuple] = Counter()
    changes = (
        (place, new) for place in list(_places(tree, ())) for new in list(_changes(place.node))
    )
    for number, (place, new) in enumerate(changes):
        shown = _shown(place)
        ast.copy_location(new, place.node)
        was = ast.unparse(shown)
        place.put(new)
        now = ast.unparse(new if shown is place.node else shown)
        place.put(place.node)
        words = (place.where, was, now)
        code = partial(_compiled_with, tree, path, place, new)
        line, within = place.node.lineno, place.in_function
        yield Mutant(path, line, place.where, within, was, now, seen[words], number, code)
        seen[words] += 1


def _compiled_with(tree, path, place, new) -> CodeType:
    place.put(new)
    code = compile(ast.fix_missing_locations(tree), str(ROOT / path), "exec")
    place.put(place.node)
    return code


class _Place(NamedTuple):
    above: tuple[ast.AST, ...]
    """From the module down to the parent."""
    field: str
    number: int | None
    node: ast.AST
    where: str
    in_function: bool

    def put(self, node):
        if self.number is None:
            setattr(self.above[-1], self.field, node)
        else:
            getattr(self.above[-1], self.field)[self.number] = node


def _places(node, above, names=(), inside=False) -> Iterator[_Place]:
    """Every node that may be changed; annotations and decorators excluded."""
    above = (*above, node)
    opens = isinstance(node, ast.FunctionDef | ast.Lambda)
    if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda):
        names = (*names, getattr(node, "name", "lambda"))
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list"):
            continue
        # Defaults are evaluated where the function is defined, not inside it.
        within = inside or (opens and field == "body")
        for number, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST):
                yield _Place(above, field, number, child, ".".join(names), within)
                yield from _places(child, above, names, within)


SHORT = 12


def _shown(place) -> ast.AST:
    """The expression around a change that says enough to recognise it: not just "0"."""
    shown = place.node
    for parent in reversed(place.above):
        if not isinstance(parent, ast.expr | ast.keyword) or len(ast.unparse(shown)) > SHORT:
            break
        if not isinstance(parent, ast.JoinedStr | ast.FormattedValue):
            shown = parent
    return shown


def _changes(node) -> Iterator[ast.AST]:
    match node:
        case ast.Compare():
            for number, sign in enumerate(node.ops):
                yield _with(node, ops=_replaced(node.ops, number, COMPARED[type(sign)]()))
        case ast.BoolOp():
            yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
        case ast.BinOp() if type(node.op) in JOINED:
            yield _with(node, op=JOINED[type(node.op)]())
        case ast.UnaryOp(op=ast.Not() | ast.Invert()):
            yield node.operand
        case ast.Constant(value=bool()):
            yield ast.Constant(not node.value)
        case ast.Constant(value=int()):
            yield ast.Constant(node.value + 1)
            yield ast.Constant(node.value - 1)
        case ast.Call(func=ast.Name(id=name)) if name in CALLED:
            yield _with(node, func=ast.Name(CALLED[name], ast.Load()))
        case ast.keyword(arg=str(name)):
            start, __, lookup = name.rpartition("__")
            if lookup in LOOKUPS:
                yield _with(node, arg=f"{start}__{LOOKUPS[lookup]}")


def _with(node, **fields):
    return type(node)(**{**dict(ast.iter_fields(node)), **fields})


def _replaced(values, number, new):
    return [*values[:number], new, *values[number + 1 :]]


class Running:
    """A module's functions in the running program, found once: looking costs a second."""

    def __init__(self, path: str):
        gc.unfreeze()  # The conftest froze what was there, and the frozen are not listed.
        objects = gc.get_objects()
        code = compile((ROOT / path).read_text(encoding="utf-8"), str(ROOT / path), "exec")
        self.codes = list(_codes(code))
        wanted = set(self.codes)
        self.functions = [
            each
            for each in objects
            if type(each) is FunctionType  # isinstance() would evaluate Django's lazy objects
            and each.__code__.co_filename == str(ROOT / path)
            and each.__code__ in wanted
        ]
        for each in objects:
            if type(each) is functools._lru_cache_wrapper:
                each.cache_clear()

    def change(self, mutant: Mutant) -> None:
        """Replace the code of the running program's functions with this version."""
        swapped = dict(zip(self.codes, _codes(mutant.code()), strict=True))
        for each in self.functions:
            each.__code__ = swapped[each.__code__]


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _codes(each)


class _AsMutant(SourceFileLoader):
    """Import hook: loads the module named in MUTANT with the change applied."""

    def get_code(self, name):
        path, __, number = os.environ["MUTANT"].rpartition(":")
        return next(islice(mutants(path), int(number), None)).code()


class _FindsMutant:
    @staticmethod
    def find_spec(name, path=None, target=None):
        changed = os.environ["MUTANT"].rpartition(":")[0]
        if name.replace(".", "/") + ".py" == changed:
            return spec_from_loader(name, _AsMutant(name, str(ROOT / changed)))
        return None


if "MUTANT" in os.environ:
    sys.meta_path.insert(0, _FindsMutant)


def pytest_addoption(parser):
    group = parser.getgroup("mutation")
    group.addoption("--mutate", action="append", default=[], metavar="MODULE.py")
    group.addoption("--lines", default="0-", metavar="FIRST-LAST", help="changes of these only")
    group.addoption("--sample", type=int, default=0, help="so many changes of each module only")
    group.addoption("--seed", type=int, default=1, help="which sample")


def pytest_configure(config):
    """Without tests on the command line, use those pyproject.toml names for the modules."""
    config.tests_of = {}
    if config.args_source is pytest.Config.ArgsSource.ARGS:
        return
    table = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutate"]
    for module in config.option.mutate:
        (config.tests_of[module],) = [
            tests for pattern, tests in table.items() if fnmatch(module, pattern)
        ]
    config.args = sorted({test for tests in config.tests_of.values() for test in tests})


def pytest_runtestloop(session):
    """Instead of running the tests: run them once, then once per mutant."""
    option = session.config.option
    if not option.mutate:  # The module was imported with its mutation; run the tests as usual.
        return None
    known = tomllib.loads((ROOT / "tests" / "equivalent_mutants.toml").read_text())
    took = {}
    if first := _first_failure(session, session.items, took):
        raise session.Failed(f"unchanged, {first.nodeid} fails")
    session.testsfailed = sum(
        _unnoticed_of(path, session, took, known.get(path, {})) for path in option.mutate
    )
    return True


def _unnoticed_of(path, session, took, known) -> int:
    """How many changes of a module no test notices; each is named as it is found."""
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    tests = session.config.tests_of.get(path) or session.config.args
    items = [
        item for item in session.items if item.nodeid.partition("::")[0] in tests
    ] or session.items
    items.sort(key=took.get)
    limit = SLOW_START + int(5 * sum(map(took.get, items)))
    running, early = Running(path), _called_on_import(path)
    chosen = _chosen(path, session.config.option)
    survivors = equivalent = 0
    for mutant in chosen:
        if mutant.key in known:
            equivalent += 1
            continue
        killer = _killer(session, items, mutant, running, limit) if mutant.in_function else None
        # It may also notice the next mutant; a slow one in front would cost every one its time.
        if killer is not None and killer < len(items) and took[items[killer]] < QUICK:
            items.insert(0, items.pop(killer))
        is_noticed = killer is not None
        # A function that import-time code calls had run before the fork.
        if not is_noticed and (not mutant.in_function or mutant.where.rpartition(".")[2] in early):
            is_noticed = _is_noticed_from_the_start(mutant, tests, 2 * limit)
        terminal.write("." if is_noticed else f"\n{mutant}\n", flush=True)
        survivors += not is_noticed
    terminal.write_line(
        f"\n{path}: {len(chosen)} changes, {equivalent} known to make no difference, "
        f"{survivors} not noticed",
        flush=True,
    )
    return survivors


def _called_on_import(path) -> set[str]:
    """Names of functions that run when the module is imported, by way of others too."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    called: dict[str, set[str]] = {}
    for place in _places(tree, ()):
        if isinstance(place.node, ast.Name):
            caller = place.where.rpartition(".")[2] if place.in_function else ""
            called.setdefault(caller, set()).add(place.node.id)
    reached: set[str] = set()
    ahead = {""}
    while ahead:
        found = set().union(*(called.get(name, set()) for name in ahead))
        ahead = found - reached
        reached |= found
    return reached


def _chosen(path, option) -> list[Mutant]:
    first, __, last = option.lines.partition("-")
    chosen = [
        mutant for mutant in mutants(path) if int(first) <= mutant.line <= int(last or mutant.line)
    ]
    if option.sample and option.sample < len(chosen):
        picked = random.Random(option.seed).sample(range(len(chosen)), option.sample)
        return [chosen[number] for number in sorted(picked)]
    return chosen


def _is_noticed_from_the_start(mutant, tests, limit) -> bool:
    """Whether the tests fail in a fresh process that imports the mutated module.

    For import-time code: constants, tables, defaults, and functions they call.
    """
    run = [sys.executable, "-m", "pytest", "-xq", "--reuse-db", "-p", "tests.mutation"]
    environ = os.environ | {"MUTANT": f"{mutant.path}:{mutant.number}"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        return subprocess.run([*run, *tests], env=environ, timeout=limit, **quiet).returncode != 0
    except subprocess.TimeoutExpired:
        return True


def _killer(session, items, mutant, running, limit) -> int | None:
    """Index of the failing test; beyond the last for a crash or timeout."""
    connections.close_all()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(limit)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        try:
            running.change(mutant)
            failed = _first_failure(session, items)
            os.write(writing, b"-" if failed is None else str(items.index(failed)).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return None if said == "-" else int(said or len(items))


def _first_failure(session, items, took=None):
    """The first failing test. Session-wide fixtures stay set up.

    `took` receives each test's own seconds, without its fixtures.
    """
    for item, following in zip(items, [*items[1:], session], strict=True):
        reports = runtestprotocol(item, log=False, nextitem=following)
        if any(report.failed for report in reports):
            return item
        if took is not None:
            took[item] = sum(report.duration for report in reports if report.when == "call")
    return None

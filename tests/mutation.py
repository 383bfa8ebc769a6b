"""Mutation testing: a pytest plugin that makes small wrong changes and reports those no test
notices.

`bin/mutate common/disclosure.py` changes one thing at a time, in memory: `<` to `<=`, 7 to 8, `and`
to `or`. A change inside a function runs in a process forked after the tests were collected and
passed once, so it costs no start-up; a change in import-time code gets a fresh process. No file is
ever touched. pyproject.toml says under [tool.mutate] which tests cover a module;
docs/decisions/mutation.md says why this is not one of the existing tools.
"""

import ast
import copy
import functools
import gc
import os
import random
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType, FunctionType
from typing import NamedTuple

import pytest
from _pytest.runner import runtestprotocol
from django.db import connections

ROOT = Path(__file__).resolve().parent.parent
SLOW_START = 20
"""Seconds that a change may take beside five times what the tests took unchanged."""

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
    was: str
    now: str
    tree: ast.Module
    in_function: bool

    def __str__(self):
        return f"{self.path}:{self.line}: {self.was}  ->  {self.now}"


def mutants(path: str) -> Iterator[Mutant]:
    """Every mutant of the module at `path` (relative to the project root), in order."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    for parent, field, number, node, in_function in list(_places(tree)):
        for new in _changes(node):
            _put(parent, field, number, ast.copy_location(new, node))
            now = ast.unparse(new)
            changed = ast.fix_missing_locations(copy.deepcopy(tree))
            _put(parent, field, number, node)
            yield Mutant(path, node.lineno, ast.unparse(node), now, changed, in_function)


def _places(node, in_function=False):
    """(parent, field, index or None, node, whether inside a function); annotations excluded."""
    inside = in_function or isinstance(node, ast.FunctionDef | ast.Lambda)
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list"):
            continue
        # Defaults are evaluated where the function is defined, not inside it.
        within = inside if field in ("body", "orelse") or in_function else in_function
        for number, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST):
                yield node, field, number, child, within
                yield from _places(child, within)


def _put(parent, field, number, node):
    if number is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[number] = node


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


def put_in_place(mutant: Mutant) -> None:
    """Replace the code of the running program's functions with this version."""
    swapped = dict(zip(_codes(_compiled(mutant.path)), _codes(_compiled(mutant)), strict=True))
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__ in swapped:
            each.__code__ = swapped[each.__code__]
    for each in gc.get_objects():
        if isinstance(each, functools._lru_cache_wrapper):
            each.cache_clear()


def _compiled(what: Mutant | str) -> CodeType:
    if isinstance(what, Mutant):
        return compile(what.tree, str(ROOT / what.path), "exec")
    return compile((ROOT / what).read_text(encoding="utf-8"), str(ROOT / what), "exec")


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _codes(each)


class _AsMutant(SourceFileLoader):
    """Import hook: loads the module named in MUTANT with the change applied."""

    def get_code(self, name):
        path, __, number = os.environ["MUTANT"].rpartition(":")
        return _compiled(list(mutants(path))[int(number)])


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
    if config.args_source is pytest.Config.ArgsSource.ARGS:
        return
    table = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutate"]
    config.args = sorted({test for module in config.option.mutate for test in table[module]})


def pytest_runtestloop(session):
    """Instead of running the tests: run them once, then once per mutant."""
    items, option = session.items, session.config.option
    if not option.mutate:  # The module was imported with its mutation; run the tests as usual.
        return None
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    took = {}
    if first := _first_failure(session, items, took):
        raise session.Failed(f"unchanged, {first.nodeid} fails")
    items.sort(key=took.get)
    limit = SLOW_START + int(5 * sum(took.values()))
    unnoticed = 0
    for path in option.mutate:
        first, __, last = option.lines.partition("-")
        chosen = [
            (number, mutant)
            for number, mutant in enumerate(mutants(path))
            if int(first) <= mutant.line <= int(last or mutant.line)
        ]
        if option.sample and option.sample < len(chosen):
            picked = random.Random(option.seed).sample(range(len(chosen)), option.sample)
            chosen = [chosen[number] for number in sorted(picked)]
        survivors = 0
        for number, mutant in chosen:
            killer = _killer(session, items, mutant, limit) if mutant.in_function else None
            if killer is not None and killer < len(items):  # It may also notice the next mutant.
                items.insert(0, items.pop(killer))
            # Even for a function: it may have run before the fork, when the tests were imported.
            is_noticed = killer is not None or _is_noticed_from_the_start(
                path, number, session.config, 2 * limit
            )
            terminal.write("." if is_noticed else f"\n{mutant}\n", flush=True)
            survivors += not is_noticed
        terminal.write_line(f"\n{path}: {len(chosen)} changes, {survivors} not noticed", flush=True)
        unnoticed += survivors
    session.testsfailed = unnoticed
    return True


def _is_noticed_from_the_start(path, number, config, limit) -> bool:
    """Whether the tests fail in a fresh process that imports the mutated module.

    For import-time code: constants, tables, defaults, and functions they call.
    """
    run = [sys.executable, "-m", "pytest", "-xq", "--reuse-db", "-p", "tests.mutation"]
    environ = os.environ | {"MUTANT": f"{path}:{number}"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        return (
            subprocess.run([*run, *config.args], env=environ, timeout=limit, **quiet).returncode
            != 0
        )
    except subprocess.TimeoutExpired:
        return True


def _killer(session, items, mutant, limit) -> int | None:
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
            put_in_place(mutant)
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

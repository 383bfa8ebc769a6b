"""Every rate is in the one table, and every row of it is used."""

import ast

from common.limits import RATES
from tests.house.test_layers import SOURCES

ASKS = {"limit": "", "may_try": "", "count_failure": "", "may_mail": "mail:"}


def _named():
    """(file, rate or None) for each call that uses a rate, outside the table's own module."""
    for path in SOURCES:
        if path.parts[-2:] == ("common", "limits.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(node, "func", None), "id", None)
            if name == "limit_link":
                yield path.name, "link"
            elif name in ASKS:
                texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
                yield path.name, ASKS[name] + texts[0] if texts else None


def test_every_rate_used_is_in_the_table_and_every_row_is_used():
    named = list(_named())
    assert [file for file, rate in named if rate not in RATES] == []
    assert {rate for __, rate in named} == set(RATES)


def test_no_module_defines_its_own_rate():
    own = [
        path.name
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in ASKS
        and {"per", "times", "rate"} & {each.arg for each in node.keywords}
    ]
    assert own == ["limits.py"]  # For links, named after the link.

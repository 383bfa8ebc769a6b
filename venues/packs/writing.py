"""Writing readable TOML: long text over several lines, a blank line between tables."""

from typing import Any

import tomlkit

LONGEST_LINE = 80


def as_toml(parts: list[tuple[str, bool, list[dict[str, Any]]]]) -> str:
    """The TOML for (key, many, tables), in this order; empty ones are omitted."""
    document = tomlkit.document()
    for key, many, tables in parts:
        if not tables:
            continue
        if many:
            rows = tomlkit.aot()
            for table in tables:
                rows.append(_table(table))
            document.add(key, rows)
        else:
            document.add(key, _table(tables[0]))
    return tomlkit.dumps(document)


def _table(values: dict[str, Any]):
    table = tomlkit.table()
    inside = {}
    for key, value in values.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            inside[key] = value  # nested tables end their parent, so they go last
        else:
            table.add(key, _value(value))
    for key, rows in inside.items():
        found = tomlkit.aot()
        for row in rows:
            found.append(_table(row))
        table.add(key, found)
    return table


def _value(value: Any):
    if isinstance(value, str):
        value = value.replace("\r\n", "\n").replace("\r", "\n")  # browsers submit CRLF
    if isinstance(value, str) and "\n" in value:
        return tomlkit.string("\n" + value, multiline=True)  # TOML drops the first newline
    if isinstance(value, list) and sum(map(len, map(str, value))) > LONGEST_LINE:
        rows = tomlkit.array()
        rows.extend(value)
        return rows.multiline(True)
    return value

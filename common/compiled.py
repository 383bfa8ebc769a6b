"""Expressions whose SQL is generated once and used in many queries.

Django resolves and compiles every expression anew for each query. For the rule of what a venue has
proved, some 13,000 characters of SQL, that takes 60 ms while the database needs 1 ms. `compiled()`
does it once; a query that uses the result only fills in the columns it reads.
"""

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import Expression, F, Field, Func, QuerySet
from django.db.models.expressions import RawSQL

_ALIAS = re.compile(r"(?<![\w\"])([A-Z]{1,2}\d+)(?![\w\"])")
"""A table alias that Django generated inside a subquery: `U0`, `AA3`."""

_serial = itertools.count(1)


@dataclass(frozen=True)
class Piece:
    """SQL up to the next column (`sql` with its `params`), and which column follows (or None)."""

    sql: str
    params: tuple
    port: int | None


class Compiled(Func):
    """Ready SQL with gaps, filled by the columns of the query it is used in."""

    def __init__(self, pieces: tuple[Piece, ...], *ports: F, output_field: Field):
        super().__init__(*ports, output_field=output_field)
        self.pieces = pieces

    def as_sql(self, compiler, connection, **_extra):
        ports = [compiler.compile(port) for port in self.source_expressions]
        sql: list[str] = []
        params: list = []
        for piece in self.pieces:
            sql.append(piece.sql)
            params += piece.params
            if piece.port is not None:
                column, with_params = ports[piece.port]
                sql.append(column)
                params += with_params
        return f"({''.join(sql)})", params


def compiled(
    expression: Expression, over: QuerySet, annotations: Mapping[str, Field] | None = None
) -> Expression:
    """`expression` with precompiled SQL, for any query over the model of `over`.

    `annotations` are those it reads, with their types; the query it is used in must have them. The
    expression must not depend on the request. One that Django reduces to "always" or "never" is
    returned unchanged.
    """
    gaps = {name: RawSQL(f'"gap {name}"', (), kind) for name, kind in (annotations or {}).items()}
    query = over.order_by().annotate(**gaps).annotate(compiled=expression).query
    compiler = query.get_compiler(connection=connection)
    try:
        compiler.pre_sql_setup()
        sql, params = compiler.compile(query.annotations["compiled"])
    except (EmptyResultSet, FullResultSet):
        return expression
    # Aliases of its own; otherwise a column of the outer query could be taken for one of a
    # subquery.
    sql = _ALIAS.sub(rf"c{next(_serial)}_\1", sql)
    pieces, ports = _cut(sql, tuple(params), _columns(query))
    return Compiled(pieces, *ports, output_field=query.annotations["compiled"].output_field)


def _columns(query) -> dict[tuple[str, str], str]:
    """By alias and column, the lookup path to the columns of the query's own tables."""
    paths = {query.base_table: ""}
    found = {}
    for alias, table in query.alias_map.items():
        if table.parent_alias is None:
            model = query.model
        else:
            model = table.join_field.related_model
            paths[alias] = f"{paths[table.parent_alias]}{table.join_field.name}__"
        for field in model._meta.concrete_fields:
            found[alias, field.column] = paths[alias] + field.name
    return found


def _cut(sql: str, params: tuple, columns) -> tuple[tuple[Piece, ...], list[F]]:
    """Cut `sql` where it reads a column or an annotation of the query around it."""
    ports: dict[str, int] = {}
    pieces = []
    start = used = marks = 0
    own = "|".join(sorted({re.escape(alias) for alias, _column in columns}))
    for found in re.finditer(rf'(%s)|\("gap (\w+)"\)|"({own})"\."(\w+)"', sql):
        mark, annotation, alias, column = found.groups()
        if mark:
            marks += 1
            continue
        path = annotation or columns[alias, column]
        port = ports.setdefault(path, len(ports))
        pieces.append(Piece(sql[start : found.start()], params[used:marks], port))
        start, used = found.end(), marks
    pieces.append(Piece(sql[start:], params[used:], None))
    return tuple(pieces), [F(path) for path in ports]

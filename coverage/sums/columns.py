"""Queries read by column: the per-row overhead of driver and ORM is too slow for calculations."""

import json

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Q
from django.db.models.expressions import RawSQL


def columns(rows) -> list[list]:
    """The columns of a `values_list()`, in row order; empty lists for an empty result.

    The database aggregates each column into an array, so a hundred thousand rows arrive as one.
    Values are as the driver returns them: numbers, texts, booleans.
    """
    query = rows.query
    width = len(query.select) + len(query.extra_select) + len(query.annotation_select)
    try:
        sql, params = query.get_compiler(using=rows.db).as_sql()
    except EmptyResultSet:
        return [[] for _column in range(width)]
    names = [f"c{number}" for number in range(width)]
    arrays = ", ".join(f"array_agg({name})" for name in names)
    with connections[rows.db].cursor() as cursor:
        cursor.execute(f"SELECT {arrays} FROM ({sql}) AS t({', '.join(names)})", params)
        return [column or [] for column in cursor.fetchone()]


def one_of(field: str, values: list, kind: str = "bigint") -> Q:
    """An `IN` condition sent as one text parameter: with ten thousand parameters PostgreSQL
    spends longer parsing the query than running it.
    """
    sql = f"SELECT value::{kind} FROM jsonb_array_elements_text(%s)"
    return Q(**{f"{field}__in": RawSQL(sql, [json.dumps(values)])})

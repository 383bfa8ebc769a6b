"""A query's columns at once: for sums, a driver and an ORM take too long over each row."""

import json

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Q
from django.db.models.expressions import RawSQL


def columns(rows) -> list[list]:
    """Each column of a `values_list()`, in the order of its rows; empty lists where there are none.

    The database makes one array of each column, so a hundred thousand rows are read as one. Values
    are as the driver has them: numbers, texts, booleans.
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
    """Whether a field is one of many, said as one text: of ten thousand parameters the database
    reads the question longer than it looks for the answer."""
    sql = f"SELECT value::{kind} FROM jsonb_array_elements_text(%s)"
    return Q(**{f"{field}__in": RawSQL(sql, [json.dumps(values)])})

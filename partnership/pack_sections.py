"""Meetings and returns in a scheme's pack."""

from partnership.actions.returns import NOT_ASKED, set_up_returns
from partnership.models import ReturnItem, ReturnSettings, Series
from venues.models import Scheme
from venues.packs.registry import Loading, Section, dump_fields, register
from venues.packs.rows import Key, Row, Text

SERIES = [
    Key(Series, name)
    for name in (
        *("name", "week", "weekday", "starts", "minutes", "address", "standing_items"),
        *("invite_days", "remind_days", "report_counts", "apologies_count"),
    )
]
"""Without the video link, which belongs in no document."""
RETURNS = [
    Key(ReturnSettings, name)
    for name in ("due_after_days", "remind_before_days", "remind_after_days", "asks_age_band")
]
ITEMS = [
    Key(ReturnItem, "kind", "list"),
    Key(ReturnItem, "label"),
    Key(ReturnItem, "is_active"),
    Text("did_not_ask", kind=bool),
]


def _load_series(loading: Loading, rows: list[Row]) -> None:
    for row in rows:
        loading.save(row, Series(scheme=loading.scheme, **row.values))


def _dump_series(scheme: Scheme) -> list[dict]:
    return [dump_fields(each, SERIES) for each in Series.objects.filter(scheme=scheme)]


def _load_returns(loading: Loading, rows: list[Row]) -> None:
    settings = set_up_returns(loading.scheme)
    for row in rows:
        for name, value in row.values.items():
            setattr(settings, name, value)
        loading.save(row, settings)


def _dump_returns(scheme: Scheme) -> list[dict]:
    return [dump_fields(each, RETURNS) for each in ReturnSettings.objects.filter(scheme=scheme)]


def _load_items(loading: Loading, rows: list[Row]) -> None:
    """Replace the initial lists; each keeps its "did not ask"."""
    set_up_returns(loading.scheme)
    lists = ReturnItem.objects.filter(scheme=loading.scheme)
    said = {row.values["kind"] for row in rows if row.values.get("did_not_ask")}
    lists.filter(is_not_asked=False).delete()
    lists.filter(kind__in=said).delete()
    for place, row in enumerate(rows, start=1):
        values = {**row.values}
        is_not_asked = values.pop("did_not_ask", False)
        order = 0 if is_not_asked else 10 * place
        item = ReturnItem(scheme=loading.scheme, is_not_asked=is_not_asked, order=order, **values)
        loading.save(row, item)


def _dump_items(scheme: Scheme) -> list[dict]:
    """Export the items; "did not ask" only where a scheme has reworded it."""
    return [
        dump_fields(each, ITEMS) | ({"did_not_ask": True} if each.is_not_asked else {})
        for each in ReturnItem.objects.filter(scheme=scheme).order_by(
            "kind", "-is_not_asked", "order", "pk"
        )
        if not (each.is_not_asked and each.label == NOT_ASKED)
    ]


register(Section("series", SERIES, _dump_series, _load_series, order=70, many=False))
register(Section("returns", RETURNS, _dump_returns, _load_returns, order=80, many=False))
register(Section("return_items", ITEMS, _dump_items, _load_items, order=85))

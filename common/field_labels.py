"""The labels of a model's fields."""

from collections.abc import Iterable

from django.db.models import Model


def labels(model: type[Model], names: Iterable[str]) -> str:
    """The labels of these fields, separated by commas."""
    meta = model._meta
    words = {field.name: field.verbose_name for field in [*meta.fields, *meta.many_to_many]}
    return ", ".join(str(words[name]) for name in names)

"""How often the partnership meets moves from the series to its scheme."""

from django.db import migrations


def to_scheme(apps, schema_editor):
    """The nearest cadence that a scheme can have, the more frequent one when in doubt."""
    for series in apps.get_model("partnership", "Series").objects.select_related("scheme"):
        steps = [(1, "month"), (4, "quarter"), (9, "half_year")]
        found = (name for most, name in steps if series.cadence_months <= most)
        series.scheme.meetings_every = next(found, "year")
        series.scheme.save(update_fields=["meetings_every"])


def to_series(apps, schema_editor):
    months = {"month": 1, "half_year": 6, "year": 12}
    for series in apps.get_model("partnership", "Series").objects.select_related("scheme"):
        series.cadence_months = months.get(series.scheme.meetings_every, 3)
        series.save(update_fields=["cadence_months"])


class Migration(migrations.Migration):
    dependencies = [
        ("partnership", "0004_series_hour"),
        ("venues", "0018_parts_of_a_scheme"),
    ]

    operations = [
        migrations.RunPython(to_scheme, to_series),
        migrations.RemoveConstraint("series", "series_cadence"),
        migrations.RemoveField("series", "cadence_months"),
    ]

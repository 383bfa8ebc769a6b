"""Reporting periods are named as such: they may be months, half-years or years too."""

import django.db.models.deletion
from django.db import migrations, models

KINDS = [
    ("partnership.quarter_closed", "partnership.period_closed"),
    ("partnership.quarter_reopened", "partnership.period_reopened"),
]
LETTERS = [
    ("partnership.quarter", "partnership.return_asked"),
    ("partnership.quarter_places", "partnership.return_asked_places"),
]


def rename(apps, schema_editor):
    _rename(apps, KINDS, LETTERS, ("quarter", "period"), ("quarter", "asked"))


def rename_back(apps, schema_editor):
    kinds = [(new, old) for old, new in KINDS]
    letters = [(new, old) for old, new in LETTERS]
    _rename(apps, kinds, letters, ("period", "quarter"), ("asked", "quarter"))


def _rename(apps, kinds, letters, key, letter_kind):
    event = apps.get_model("venues", "Event").objects
    for old, new in kinds:
        event.filter(kind=old).update(kind=new)
    for old, new in letters:
        apps.get_model("venues", "Letter").objects.filter(kind=old).update(kind=new)
    of_returns = event.filter(kind__startswith="partnership.", data__has_key=key[0])
    _rename_key(of_returns, "data", *key)
    packs = apps.get_model("venues", "PrintRun").objects
    _rename_key(packs.filter(kind="pack", options__has_key=key[0]), "options", *key)
    old, new = letter_kind
    apps.get_model("partnership", "VenueLetter").objects.filter(kind=old).update(kind=new)


def _rename_key(rows, field, old, new):
    for row in rows.only("pk", field).iterator():
        held = getattr(row, field)
        held[new] = held.pop(old)
        rows.model.objects.filter(pk=row.pk).update(**{field: held})


class Migration(migrations.Migration):
    dependencies = [
        ("partnership", "0009_marks_of_kept_listings"),
        ("venues", "0046_one_letter_for_all_places"),
    ]

    operations = [
        migrations.RenameModel("ClosedQuarter", "ClosedPeriod"),
        migrations.RenameModel("QuarterFigures", "PeriodFigures"),
        migrations.AlterField(
            model_name="closedperiod",
            name="scheme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="closed_periods",
                to="venues.scheme",
            ),
        ),
        migrations.AlterField(
            model_name="periodfigures",
            name="scheme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="period_figures",
                to="venues.scheme",
            ),
        ),
        migrations.AlterField(
            model_name="venueletter",
            name="kind",
            field=models.CharField(
                choices=[
                    ("asked", "the letter that asks for a return"),
                    ("before", "reminder before the return is due"),
                    ("after", "reminder after the return was due"),
                    ("month", "the month's letter"),
                ],
                max_length=8,
            ),
        ),
        migrations.RemoveConstraint(model_name="closedperiod", name="quarter_closed_once"),
        migrations.AddConstraint(
            model_name="closedperiod",
            constraint=models.UniqueConstraint(
                fields=("scheme", "length", "year", "number"), name="period_closed_once"
            ),
        ),
        migrations.RunPython(rename, rename_back, elidable=True),
    ]

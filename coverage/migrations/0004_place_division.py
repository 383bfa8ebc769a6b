"""Whose bank holidays other people's places keep, told from where each of them is."""

from django.db import migrations, models
from django.db.models import Exists, OuterRef

from geography.nations import nation_of_postcode

DIVISIONS = {"S": "scotland", "N": "northern-ireland"}


def set_divisions(apps, schema_editor):
    Place = apps.get_model("coverage", "Place")
    Area = apps.get_model("geography", "Area")
    told = {}
    for pk, postcode in Place.objects.values_list("pk", "postcode"):
        nation = nation_of_postcode(postcode)
        if nation in DIVISIONS.values():
            told.setdefault(nation.value, []).append(pk)
    for division, pks in told.items():
        Place.objects.filter(pk__in=pks).update(division=division)
    for letter, division in DIVISIONS.items():
        areas = Area.objects.filter(
            kind__in=["district", "ward", "county", "parish"],
            code__regex=rf"^{letter}[0-9][0-9]",
            boundary__covers=OuterRef("point"),
        )
        Place.objects.filter(Exists(areas)).update(division=division)


class Migration(migrations.Migration):
    dependencies = [
        ("coverage", "0003_snapshots"),
        ("geography", "0002_bases"),
    ]

    operations = [
        migrations.AddField(
            model_name="place",
            name="division",
            field=models.CharField(
                choices=[
                    ("england-and-wales", "England and Wales"),
                    ("scotland", "Scotland"),
                    ("northern-ireland", "Northern Ireland"),
                ],
                default="england-and-wales",
                editable=False,
                max_length=20,
                verbose_name="bank holidays of",
            ),
        ),
        migrations.RunPython(set_divisions, migrations.RunPython.noop),
    ]

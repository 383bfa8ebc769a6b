import django.contrib.gis.db.models.fields
import django.contrib.postgres.indexes
from django.contrib.postgres.operations import BtreeGistExtension, CreateExtension
from django.db import migrations, models

import geography.models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        CreateExtension("postgis"),
        BtreeGistExtension(),  # venues excludes overlapping hours with it
        migrations.CreateModel(
            name="Area",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, verbose_name="code")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "name_alt",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="name in another language"
                    ),
                ),
                (
                    "search_name",
                    models.GeneratedField(
                        db_persist=True,
                        expression=geography.models.SearchName(models.F("name")),
                        output_field=models.CharField(max_length=400),
                    ),
                ),
                (
                    "search_name_alt",
                    models.GeneratedField(
                        db_persist=True,
                        expression=geography.models.SearchName(models.F("name_alt")),
                        output_field=models.CharField(max_length=400),
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("oa", "output area"),
                            ("lsoa", "lower layer super output area"),
                            ("msoa", "middle layer super output area"),
                            ("parish", "parish"),
                            ("ward", "ward"),
                            ("district", "district"),
                            ("county", "county"),
                            ("drawn", "own area"),
                            ("other", "other area"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "vintage",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="The year of the code and the boundary.",
                        null=True,
                        verbose_name="year",
                    ),
                ),
                (
                    "parent_code",
                    models.CharField(
                        blank=True, max_length=20, verbose_name="code of the area around it"
                    ),
                ),
                (
                    "parent_name",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="name of the area around it"
                    ),
                ),
                (
                    "boundary",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        srid=27700, verbose_name="boundary"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
            ],
            options={
                "verbose_name": "area",
                "verbose_name_plural": "areas",
                "ordering": ["name", "code", "vintage"],
                "indexes": [
                    models.Index(
                        django.contrib.postgres.indexes.OpClass(
                            "search_name", "varchar_pattern_ops"
                        ),
                        name="area_search_name",
                    ),
                    models.Index(
                        django.contrib.postgres.indexes.OpClass(
                            "search_name_alt", "varchar_pattern_ops"
                        ),
                        name="area_search_name_alt",
                    ),
                    models.Index(
                        fields=["kind", "vintage", "parent_code"], name="area_kind_year_parent"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "vintage"),
                        name="one_area_per_code_and_year",
                        violation_error_message="This code of this year is already there.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("vintage", None)),
                        fields=("code",),
                        name="one_area_per_code_without_year",
                        violation_error_message="This code is already there.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("boundary__isvalid", True)),
                        name="area_boundary_is_valid",
                        violation_error_message="The boundary crosses itself.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PopulationPoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, verbose_name="code")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("oa", "output area"),
                            ("lsoa", "lower layer super output area"),
                            ("msoa", "middle layer super output area"),
                            ("parish", "parish"),
                            ("ward", "ward"),
                            ("district", "district"),
                            ("county", "county"),
                            ("drawn", "own area"),
                            ("other", "other area"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "vintage",
                    models.PositiveSmallIntegerField(
                        help_text="The year of the codes.", verbose_name="year"
                    ),
                ),
                ("people", models.PositiveIntegerField(verbose_name="people")),
                (
                    "imd_decile",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="1 is the most deprived tenth of England. Empty outside England.",
                        null=True,
                        verbose_name="deprivation decile",
                    ),
                ),
                (
                    "ward_code",
                    models.CharField(blank=True, max_length=20, verbose_name="ward code"),
                ),
                (
                    "district_code",
                    models.CharField(blank=True, max_length=20, verbose_name="district code"),
                ),
                (
                    "counts",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text='As in {"female": 812, "male": 790, "0-4": 95}.',
                        verbose_name="people by sex and age",
                    ),
                ),
                (
                    "point",
                    django.contrib.gis.db.models.fields.PointField(
                        srid=27700, verbose_name="point"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
            ],
            options={
                "verbose_name": "population point",
                "verbose_name_plural": "population points",
                "ordering": ["code"],
                "indexes": [models.Index(fields=["district_code"], name="population_district")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "vintage"), name="one_point_per_code_and_year"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("imd_decile", None), ("imd_decile__range", (1, 10)), _connector="OR"
                        ),
                        name="imd_decile_is_a_tenth",
                        violation_error_message="A decile is a number from 1 to 10.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Postcode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "postcode",
                    models.CharField(
                        help_text="As in SO14 0AA.", max_length=8, verbose_name="postcode"
                    ),
                ),
                ("outward", models.CharField(max_length=4, verbose_name="outward code")),
                (
                    "point",
                    django.contrib.gis.db.models.fields.PointField(
                        blank=True, null=True, spatial_index=False, srid=27700, verbose_name="point"
                    ),
                ),
                (
                    "quality",
                    models.PositiveSmallIntegerField(
                        help_text="10 is best, 50 shared or estimated, 90 no location known.",
                        verbose_name="quality",
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
            ],
            options={
                "verbose_name": "postcode",
                "verbose_name_plural": "postcodes",
                "ordering": ["postcode"],
                "indexes": [models.Index(fields=["outward"], name="postcode_outward")],
                "constraints": [
                    models.UniqueConstraint(fields=("postcode",), name="one_row_per_postcode")
                ],
            },
        ),
    ]

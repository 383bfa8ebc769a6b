"""A question may be a scheme's own, be answered in other ways, and wait for another answer."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

THEMES = [("space", "The space"), ("insurance", "Insurance"), ("policies", "Policies")]


def make_themes(apps, schema_editor):
    Theme = apps.get_model("venues", "Theme")
    for order, (slug, title) in enumerate(THEMES, start=1):
        Theme.objects.create(slug=slug, title=title, order=order)


class Migration(migrations.Migration):
    dependencies = [("venues", "0025_branch_imports")]

    operations = [
        migrations.CreateModel(
            name="Theme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=40, unique=True, verbose_name="short name")),
                ("title", models.CharField(max_length=80, verbose_name="heading")),
                ("order", models.PositiveSmallIntegerField(default=1, verbose_name="order")),
            ],
            options={"ordering": ["order", "slug"]},
        ),
        migrations.AlterField(
            "criterion", "theme", models.SlugField(max_length=40, verbose_name="theme")
        ),
        migrations.AddField(
            "criterion",
            "scheme",
            models.ForeignKey(
                blank=True,
                help_text="Empty: a question that schemes share.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="own_criteria",
                to="venues.scheme",
                verbose_name="scheme",
            ),
        ),
        migrations.AddField(
            "criterion",
            "answer_kind",
            models.CharField(
                choices=[
                    ("yes", "Yes, not yet, or not for us"),
                    ("choice", "One of several choices"),
                    ("text", "A few sentences"),
                    ("date", "A date"),
                ],
                default="yes",
                max_length=8,
                verbose_name="how it is answered",
            ),
        ),
        migrations.AddField(
            "criterion",
            "choices",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=100),
                blank=True,
                default=list,
                help_text="With commas between them. Only for “one of several choices”.",
                size=None,
                verbose_name="choices",
            ),
        ),
        migrations.AddField(
            "criterion",
            "depends_on",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="dependants",
                to="venues.criterion",
                verbose_name="asked only after",
            ),
        ),
        migrations.AddField(
            "criterion",
            "depends_value",
            models.CharField(
                blank=True,
                help_text="One of its choices; or we_do, we_will, need_help, not_applicable, "
                "not_sure.",
                max_length=100,
                verbose_name="if that was answered with",
            ),
        ),
        migrations.AddConstraint(
            "criterion",
            models.CheckConstraint(
                condition=Q(answer_kind="choice", choices__len__gte=2)
                | (~Q(answer_kind="choice") & Q(choices__len=0)),
                name="criterion_choices_for_a_choice",
                violation_error_message="Give at least two choices for “one of several choices”, "
                "and none otherwise.",
            ),
        ),
        migrations.AddConstraint(
            "criterion",
            models.CheckConstraint(
                condition=Q(depends_on__isnull=True, depends_value="")
                | (Q(depends_on__isnull=False) & ~Q(depends_value="")),
                name="criterion_depends_on_an_answer",
                violation_error_message="Give both the other question and its answer.",
            ),
        ),
        migrations.AlterField(
            "answer",
            "value",
            models.CharField(
                blank=True,
                choices=[
                    ("we_do", "We do this"),
                    ("we_will", "We will by a date"),
                    ("need_help", "We need help"),
                    ("not_applicable", "Does not apply to us"),
                    ("not_sure", "Not sure"),
                ],
                max_length=15,
            ),
        ),
        migrations.AddField("answer", "text", models.CharField(blank=True, max_length=600)),
        migrations.AddField("answer", "day", models.DateField(blank=True, null=True)),
        migrations.AddConstraint(
            "answer",
            models.CheckConstraint(
                condition=Q(~Q(value=""), text="", day__isnull=True)
                | Q(~Q(text=""), value="", day__isnull=True)
                | Q(value="", text="", day__isnull=False),
                name="answer_says_one_thing",
            ),
        ),
        migrations.AddConstraint(
            "scheme",
            models.CheckConstraint(
                condition=Q(returns_every__in=["none", "quarter"]),
                name="scheme_returns_each_quarter_or_never",
                violation_error_message="Returns are asked for every quarter, or never.",
            ),
        ),
        migrations.RunPython(make_themes, migrations.RunPython.noop),
    ]

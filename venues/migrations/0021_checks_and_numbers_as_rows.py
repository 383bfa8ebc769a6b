"""Checks before a public listing, and numbers to name, become rows that a scheme edits."""

import django.db.models.deletion
from django.db import migrations, models

CHECKS = [
    ("visited", "The venue was visited"),
    ("community_safety", "Community safety and licensing were asked"),
    ("safeguarding_lead", "The venue has named a safeguarding lead"),
    ("may_speak", "The applicant may speak for the organisation"),
]
NUMBERS = [
    ("children_day", "Worried about a child, office hours"),
    ("children_night", "Worried about a child, nights and weekends"),
    ("adults_day", "Worried about an adult at risk, office hours"),
    ("adults_night", "Worried about an adult at risk, nights and weekends"),
    ("domestic_abuse", "Domestic abuse service"),
]


def make_rows(apps, schema_editor):
    """Every scheme had the same four checks and five numbers: now they are its own rows."""
    for scheme in apps.get_model("venues", "Scheme").objects.all():
        _make(apps, scheme, "SchemeCheck", CHECKS, "Check", "sign_up__scheme")
        _make(apps, scheme, "ContactKind", NUMBERS, "SchemeContact", "scheme")


def _make(apps, scheme, row, words, user, path):
    for order, (slug, said) in enumerate(words, start=1):
        made = apps.get_model("venues", row).objects.create(
            scheme=scheme, slug=slug, words=said, order=order
        )
        uses = apps.get_model("venues", user).objects.filter(**{path: scheme}, kind=slug)
        uses.update(row=made)


def to_slugs(apps, schema_editor):
    for user in ("Check", "SchemeContact"):
        for each in apps.get_model("venues", user).objects.select_related("row"):
            each.kind = each.row.slug
            each.save(update_fields=["kind"])


def fields(related_name, *, words, words_length, needed):
    return [
        (
            "id",
            models.BigAutoField(
                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
            ),
        ),
        ("slug", models.SlugField(max_length=20, verbose_name="short name")),
        ("words", models.CharField(max_length=words_length, verbose_name=words)),
        ("order", models.PositiveSmallIntegerField(default=1, verbose_name="order")),
        ("is_needed", models.BooleanField(default=True, verbose_name=needed)),
        (
            "scheme",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name=related_name,
                to="venues.scheme",
            ),
        ),
    ]


def once(name, what):
    said = f"This scheme has a {what} of this short name already."
    return models.UniqueConstraint(
        fields=["scheme", "slug"], name=name, violation_error_message=said
    )


class Migration(migrations.Migration):
    dependencies = [("venues", "0020_membership_scope")]

    operations = [
        migrations.CreateModel(
            name="SchemeCheck",
            fields=fields(
                "checks_asked",
                words="what is checked",
                words_length=120,
                needed="no public listing without it",
            ),
            options={
                "verbose_name": "check",
                "verbose_name_plural": "checks before a public listing",
                "ordering": ["scheme", "order", "pk"],
                "constraints": [once("check_once_a_scheme", "check")],
            },
        ),
        migrations.CreateModel(
            name="ContactKind",
            fields=fields(
                "contact_kinds",
                words="for",
                words_length=80,
                needed="the scheme does not open without it",
            ),
            options={
                "verbose_name": "number to name",
                "verbose_name_plural": "numbers to name",
                "ordering": ["scheme", "order", "pk"],
                "constraints": [once("contact_kind_once_a_scheme", "number")],
            },
        ),
        migrations.AddField(
            "check",
            "row",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="made",
                to="venues.schemecheck",
            ),
        ),
        migrations.AddField(
            "schemecontact",
            "row",
            models.ForeignKey(
                null=True,
                verbose_name="for",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="contacts",
                to="venues.contactkind",
            ),
        ),
        migrations.RunPython(make_rows, to_slugs),
    ]

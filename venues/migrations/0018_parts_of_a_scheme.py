"""How often a scheme meets and asks for returns, and whether it has stickers and training."""

from django.db import migrations, models
from django.db.models import Exists, OuterRef, Q

CADENCES = [
    ("none", "Never"),
    ("month", "Every month"),
    ("quarter", "Every quarter"),
    ("half_year", "Every half-year"),
    ("year", "Every year"),
]


def keep_what_there_is(apps, schema_editor):
    """Until now each scheme had stickers and training, whatever its principles required."""
    Scheme = apps.get_model("venues", "Scheme")
    asked = apps.get_model("venues", "Requirement").objects.filter(principle__scheme=OuterRef("pk"))
    stickers = Q(needed_for="sticker") | Q(evidence__in=["current_sticker", "sticker_displayed"])
    Scheme.objects.filter(~Exists(asked.filter(stickers))).update(offers_stickers=True)
    training = asked.filter(evidence="trained_people")
    Scheme.objects.filter(~Exists(training)).update(offers_training=True)


class Migration(migrations.Migration):
    dependencies = [("venues", "0017_scheme_look")]

    operations = [
        migrations.AddField(
            "scheme",
            "meetings_every",
            models.CharField(
                choices=CADENCES, default="quarter", max_length=10, verbose_name="meetings"
            ),
        ),
        migrations.AddField(
            "scheme",
            "returns_every",
            models.CharField(
                choices=CADENCES,
                default="quarter",
                max_length=10,
                verbose_name="returns on how the space was used",
            ),
        ),
        migrations.AddField(
            "scheme",
            "offers_stickers",
            models.BooleanField(
                default=False,
                verbose_name="there are stickers although no principle requires one",
            ),
        ),
        migrations.AddField(
            "scheme",
            "offers_training",
            models.BooleanField(
                default=False,
                verbose_name="there is training although no principle requires it",
            ),
        ),
        migrations.RunPython(keep_what_there_is, migrations.RunPython.noop),
    ]

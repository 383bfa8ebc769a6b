from django.db import migrations
from django.utils import timezone


def ask_for_a_current_sticker(apps, schema_editor):
    """A current sticker was a fixed part of being listed; now each scheme asks for it by a rule.

    What schemes ask already they have asked since they opened, so nothing gets new grace.
    """
    Requirement = apps.get_model("venues", "Requirement")
    Scheme = apps.get_model("venues", "Scheme")
    for scheme in Scheme.objects.all():
        since = timezone.localdate(scheme.opened_at) if scheme.opened_at else timezone.localdate()
        asked = Requirement.objects.filter(principle__scheme=scheme)
        asked.update(asked_since=since)
        shown = asked.filter(evidence="sticker_displayed").first()
        principle = shown.principle if shown else scheme.principles.order_by("order").first()
        if principle and not asked.filter(evidence="current_sticker").exists():
            Requirement.objects.create(
                principle=principle,
                evidence="current_sticker",
                needed_for="standing",
                asked_since=since,
            )


def take_it_back(apps, schema_editor):
    apps.get_model("venues", "Requirement").objects.filter(evidence="current_sticker").delete()


class Migration(migrations.Migration):
    dependencies = [("venues", "0014_grace")]

    operations = [migrations.RunPython(ask_for_a_current_sticker, take_it_back)]

"""Where the door is and who may find it count once somebody looked at them."""

from django.db import migrations, models
from django.utils import timezone


def what_was_sent_counts_as_looked_at(apps, schema_editor):
    """A sign-up that was sent showed both on its last page; drafts are asked."""
    venues = apps.get_model("venues", "Venue").objects.filter(sign_ups__submitted_at__isnull=False)
    keys = list(venues.values_list("pk", flat=True))
    now = timezone.now()
    apps.get_model("venues", "Venue").objects.filter(pk__in=keys).update(
        point_confirmed_at=now, listing_chosen_at=now
    )


class Migration(migrations.Migration):
    dependencies = [("venues", "0011_start")]

    operations = [
        migrations.AddField(
            model_name="venue",
            name="point_confirmed_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                null=True,
                verbose_name="somebody looked where the pin is",
            ),
        ),
        migrations.AddField(
            model_name="venue",
            name="listing_chosen_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                null=True,
                verbose_name="somebody chose who may find it",
            ),
        ),
        migrations.RunPython(what_was_sent_counts_as_looked_at, migrations.RunPython.noop),
    ]

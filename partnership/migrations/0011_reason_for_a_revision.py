from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("partnership", "0010_periods_not_quarters")]

    operations = [
        migrations.RemoveConstraint("periodfigures", "figures_revised_for_a_reason"),
        migrations.RenameField("periodfigures", "why_revised", "revision_reason"),
        migrations.AlterField(
            "periodfigures",
            "revision_reason",
            models.CharField("reason for the revision", max_length=200, blank=True),
        ),
        migrations.AddConstraint(
            "periodfigures",
            models.CheckConstraint(
                name="figures_revised_for_a_reason",
                condition=Q(revision=1, revision_reason="")
                | Q(revision__gt=1) & ~Q(revision_reason=""),
                violation_error_message="Say why the figures are being revised.",
            ),
        ),
    ]

from django.db import migrations, models


def mark_imported(apps, schema_editor):
    """Sign-ups that an import made say so by their first event; they were made in that moment."""
    SignUp = apps.get_model("venues", "SignUp")
    Event = apps.get_model("venues", "Event")
    kept = Event.objects.filter(kind="venues.earlier_record_kept", sign_up=models.OuterRef("pk"))
    SignUp.objects.filter(models.Exists(kept), approved_at__lt=models.F("started_at")).update(
        imported_at=models.F("started_at")
    )


class Migration(migrations.Migration):
    dependencies = [("venues", "0007_letter")]

    operations = [
        migrations.AddField(
            model_name="signup",
            name="imported_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="When it was brought in from the scheme’s earlier records.",
                null=True,
            ),
        ),
        migrations.RunPython(mark_imported, migrations.RunPython.noop),
    ]

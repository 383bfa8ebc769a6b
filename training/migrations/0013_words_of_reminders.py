from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0012_certificate_reissued"),
    ]

    operations = [
        migrations.AlterField(
            model_name="enrolment",
            name="reminded_days",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="How many days before it ends the last reminder was due.",
                null=True,
            ),
        ),
    ]

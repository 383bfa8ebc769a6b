from django.db import migrations, models

NAMES = [
    "National Stalking Helpline",
    "Victim Support",
    "Victim Support Scotland",
    "Rape and Sexual Abuse Support Line",
    "Rape Crisis Scotland Helpline",
    "Childline",
]


def name_national_ones(apps, schema_editor):
    """Installations that loaded the national lines earlier name them on the page too."""
    services = apps.get_model("signposting", "Service")
    services.objects.filter(scheme=None, name__in=NAMES).update(for_followed=True)


class Migration(migrations.Migration):
    dependencies = [
        ("signposting", "0007_search_in_one_row"),
    ]

    operations = [
        migrations.AddField(
            model_name="service",
            name="for_followed",
            field=models.BooleanField(
                default=False,
                help_text="Also named on the page about it.",
                verbose_name="for somebody who is followed, touched or stalked",
            ),
        ),
        migrations.AlterField(
            model_name="service",
            name="by",
            field=models.CharField(
                choices=[("call", "Call"), ("text", "Text"), ("online", "Online form")],
                default="call",
                max_length=6,
                verbose_name="how",
            ),
        ),
        migrations.AlterField(
            model_name="service",
            name="number",
            field=models.CharField(
                blank=True,
                help_text="Empty for an online form, such as the police’s: give its website.",
                max_length=40,
                verbose_name="number",
            ),
        ),
        migrations.RunPython(name_national_ones, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("by", "online"),
                        ("number", ""),
                        ("text_word", ""),
                        models.Q(("website", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("by", "online"), _negated=True),
                        models.Q(("number", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="service_can_be_reached",
                violation_error_message="Give a number, or for an online form its website and no number.",
            ),
        ),
    ]

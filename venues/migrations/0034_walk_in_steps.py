import django.contrib.postgres.fields
from django.db import migrations, models

SHOWN_UNTIL_NOW = [
    "Go to the counter, or to anybody who works there.",
    "They find you somewhere to sit. You do not need to buy anything.",
    "They ask what you need: quiet, a telephone, somebody to ring.",
    "You leave when you want to. If somebody is in danger, they ring 999.",
]


def keep_what_was_shown(apps, schema_editor):
    """Every scheme's page showed these four; a scheme that asks for others changes them now."""
    apps.get_model("venues", "Scheme").objects.update(walk_in_steps=SHOWN_UNTIL_NOW)


class Migration(migrations.Migration):
    dependencies = [("venues", "0033_examples_of_nouns")]

    operations = [
        migrations.AddField(
            model_name="scheme",
            name="walk_in_steps",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=200),
                blank=True,
                default=list,
                help_text="For the scheme’s page and its places’ pages: one step a line, at most "
                "8, such as “Go to the counter.” Without any, the pages leave this part out.",
                size=8,
                verbose_name="what happens when you walk in",
            ),
        ),
        migrations.RunPython(keep_what_was_shown, migrations.RunPython.noop),
    ]

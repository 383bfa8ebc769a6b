from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("venues", "0018_parts_of_a_scheme")]

    operations = [
        migrations.AddField(
            model_name="signup",
            name="shares_people",
            field=models.BooleanField(
                default=True,
                help_text="The first scheme of a place works with its people. One joined later sees "
                "their names and counts their training only if the place chose so.",
                verbose_name="the scheme may see the people who work here",
            ),
        ),
    ]

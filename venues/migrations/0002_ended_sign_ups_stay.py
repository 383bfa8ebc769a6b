from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("venues", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="signup", name="one_sign_up_a_scheme"),
        migrations.AddConstraint(
            model_name="signup",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["declined", "withdrawn"]), _negated=True),
                fields=("venue", "scheme"),
                name="one_sign_up_a_scheme",
                violation_error_message="This place has a sign-up to this scheme already.",
            ),
        ),
    ]

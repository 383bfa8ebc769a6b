"""What was a fixed kind of check or number is the scheme's row. A migration of its own: the
database does not change a table in the transaction that filled it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("venues", "0021_checks_and_numbers_as_rows")]

    operations = [
        migrations.AlterModelOptions("check", {"ordering": ["sign_up", "row"]}),
        migrations.AlterModelOptions("schemecontact", {"ordering": ["scheme", "row"]}),
        migrations.RemoveConstraint("check", "one_check_a_kind"),
        migrations.RemoveConstraint("schemecontact", "one_contact_a_kind"),
        migrations.RemoveField("check", "kind"),
        migrations.RemoveField("schemecontact", "kind"),
        migrations.RenameField("check", "row", "kind"),
        migrations.RenameField("schemecontact", "row", "kind"),
        migrations.AlterField(
            "check",
            "kind",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="made",
                to="venues.schemecheck",
            ),
        ),
        migrations.AlterField(
            "schemecontact",
            "kind",
            models.ForeignKey(
                verbose_name="for",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="contacts",
                to="venues.contactkind",
            ),
        ),
        migrations.AlterModelOptions("check", {"ordering": ["sign_up", "kind"]}),
        migrations.AlterModelOptions(
            "schemecontact", {"ordering": ["scheme", "kind__order", "kind"]}
        ),
        migrations.AddConstraint(
            "check",
            models.UniqueConstraint(fields=("sign_up", "kind"), name="one_check_a_kind"),
        ),
        migrations.AddConstraint(
            "schemecontact",
            models.UniqueConstraint(fields=("scheme", "kind"), name="one_contact_a_kind"),
        ),
    ]

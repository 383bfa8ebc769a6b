"""The month's letters were about months all along."""

from django.db import migrations


def say_month(apps, schema_editor):
    letters = apps.get_model("partnership", "VenueLetter").objects.filter(kind="month")
    letters.update(length="month")


class Migration(migrations.Migration):
    dependencies = [("partnership", "0006_periods_of_every_length")]

    operations = [migrations.RunPython(say_month, migrations.RunPython.noop, elidable=True)]

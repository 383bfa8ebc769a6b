"""Somebody else's place is an OtherPlace, so that a place is ours alone."""

from django.db import migrations

KINDS = {
    "coverage.places_imported": "coverage.other_places_imported",
    "coverage.place_linked": "coverage.other_place_linked",
    "coverage.place_unlinked": "coverage.other_place_unlinked",
    "coverage.place_is_another": "coverage.other_place_is_another",
    "coverage.place_invited": "coverage.other_place_invited",
}


def _rename(apps, kinds, importer, number):
    """`importer` and `number` are (old, new): the key of an import, and of how many it took."""
    Event = apps.get_model("venues", "Event")
    for old, new in kinds.items():
        Event.objects.filter(kind=old).update(kind=new)
    imported = [kind for kind in kinds.values() if kind.endswith("places_imported")]
    for event in Event.objects.filter(kind__in=imported, data__has_key=number[0]):
        event.data[number[1]] = event.data.pop(number[0])
        event.save(update_fields=["data"])
    Import = apps.get_model("venues", "Import")
    Import.objects.filter(kind=importer[0]).update(kind=importer[1])


def forwards(apps, schema_editor):
    _rename(apps, KINDS, ("places", "other_places"), ("places", "other_places"))


def backwards(apps, schema_editor):
    kinds = {new: old for old, new in KINDS.items()}
    _rename(apps, kinds, ("other_places", "places"), ("other_places", "places"))


class Migration(migrations.Migration):
    dependencies = [
        ("coverage", "0004_place_division"),
        ("venues", "0016_print_runs"),
    ]

    operations = [
        migrations.RenameModel("Place", "OtherPlace"),
        migrations.RenameModel("PlaceHours", "OtherPlaceHours"),
        migrations.RenameField("OtherPlaceHours", "place", "other_place"),
        migrations.RenameField("NotTheSame", "place", "other_place"),
        migrations.RenameField("Approach", "place", "other_place"),
        migrations.RunPython(forwards, backwards),
    ]

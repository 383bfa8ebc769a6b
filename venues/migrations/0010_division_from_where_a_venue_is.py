"""Scotland's and Northern Ireland's bank holidays for the venues that lie there.

Until now every venue had England and Wales', unless an administrator had set another by hand. Those
are left alone.
"""

from django.db import migrations

from geography.nations import nation_of_code, nation_of_postcode

DEFAULT = "england-and-wales"
OTHERS = ("scotland", "northern-ireland")


def set_divisions(apps, schema_editor):
    Venue = apps.get_model("venues", "Venue")
    Area = apps.get_model("geography", "Area")
    for venue in Venue.objects.filter(division=DEFAULT).select_related("lead_scheme__area"):
        codes = []
        if venue.point:
            areas = Area.objects.filter(
                kind__in=["district", "ward", "county", "parish"], boundary__covers=venue.point
            )
            codes = areas.values_list("code", flat=True)
        nation = next(filter(None, map(nation_of_code, codes)), None)
        nation = nation or nation_of_postcode(venue.postcode)
        if nation is None and venue.lead_scheme.area:
            nation = nation_of_code(venue.lead_scheme.area.code)
        if nation in OTHERS:
            venue.division = nation.value
            venue.save(update_fields=["division"])


class Migration(migrations.Migration):
    dependencies = [
        ("geography", "0002_bases"),
        ("venues", "0009_imports"),
    ]

    operations = [migrations.RunPython(set_divisions, migrations.RunPython.noop)]

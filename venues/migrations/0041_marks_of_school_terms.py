from django.db import migrations

from venues.kept import marks

LED = "JOIN venues_venue venue ON venue.lead_scheme_id = year.scheme_id"


class Migration(migrations.Migration):
    """Term dates change when venues are open: their kept rows are worked out again."""

    dependencies = [("venues", "0040_recurring_hours")]

    operations = [
        marks.marks("venues_schoolyear", f"SELECT venue.id FROM changed year {LED}"),
        marks.marks(
            "venues_schoolholiday",
            "SELECT venue.id FROM changed"
            f" JOIN venues_schoolyear year ON year.id = changed.year_id {LED}",
        ),
        marks.marks(
            "geography_area",
            f"SELECT venue.id FROM changed JOIN venues_schoolyear year ON year.area_id = changed.id {LED}",
        ),
    ]

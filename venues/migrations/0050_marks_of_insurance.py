from django.db import migrations

from venues.kept import marks

INSURED = "JOIN venues_venue venue ON venue.organisation_id ="


class Migration(migrations.Migration):
    """A date of insurance lists and unlists places: their kept rows are worked out again."""

    dependencies = [("venues", "0049_wording")]

    operations = [
        # Only dates prove anything; other answers change no listing.
        marks.marks(
            "venues_answer",
            f"SELECT venue.id FROM changed {INSURED} changed.organisation_id"
            " WHERE changed.day IS NOT NULL",
        ),
        marks.marks(
            "venues_criterion",
            "SELECT venue.id FROM changed"
            " JOIN venues_answer answer ON answer.criterion_id = changed.id"
            f" {INSURED} answer.organisation_id WHERE answer.day IS NOT NULL",
        ),
    ]

from django.db import migrations

from venues.kept import marks


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0010_seats"),
        ("venues", "0036_marks_of_kept_listings"),
    ]

    operations = [
        # Only what is completed counts; somebody half-way through a module changes no listing.
        marks.marks("training_enrolment", f"{marks.BY_PERSON} WHERE completed_at IS NOT NULL"),
        marks.marks(
            "training_module",
            "SELECT sign_up.venue_id FROM changed"
            " JOIN venues_requirement requirement ON requirement.subject = changed.slug"
            " JOIN venues_principle principle ON principle.id = requirement.principle_id"
            " JOIN venues_signup sign_up ON sign_up.scheme_id = principle.scheme_id",
        ),
    ]

from django.db import migrations

from venues.kept import marks


class Migration(migrations.Migration):
    dependencies = [("venues", "0035_kept_listings")]

    operations = [
        marks.function(),
        marks.marks("venues_venue", "SELECT id FROM changed"),
        *(
            marks.marks(f"venues_{name}", marks.BY_VENUE)
            for name in ("signup", "openinghours", "closure", "safetysuspension", "post")
        ),
        *(
            marks.marks(f"venues_{name}", marks.BY_SIGN_UP)
            for name in ("sticker", "lapse", "evidencerecord")
        ),
        marks.marks(
            "venues_staffmember",
            "SELECT post.venue_id FROM changed"
            " JOIN venues_post post ON post.staff_member_id = changed.id",
        ),
        marks.marks(
            "venues_scheme",
            "SELECT sign_up.venue_id FROM changed"
            " JOIN venues_signup sign_up ON sign_up.scheme_id = changed.id"
            " UNION ALL SELECT venue.id FROM changed"
            " JOIN venues_venue venue ON venue.lead_scheme_id = changed.id",
        ),
        marks.marks("venues_principle", marks.BY_SCHEME),
        marks.marks(
            "venues_requirement",
            "SELECT sign_up.venue_id FROM changed"
            " JOIN venues_principle principle ON principle.id = changed.principle_id"
            " JOIN venues_signup sign_up ON sign_up.scheme_id = principle.scheme_id",
        ),
    ]

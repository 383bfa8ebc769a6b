from django.db import migrations

from venues.kept import marks


class Migration(migrations.Migration):
    dependencies = [
        ("partnership", "0008_example_of_a_meetings_name"),
        ("venues", "0036_marks_of_kept_listings"),
    ]

    operations = [
        *(
            marks.marks(f"partnership_{name}", marks.BY_SCHEME)
            for name in ("meeting", "series", "returnsettings")
        ),
        marks.marks("partnership_attendance", marks.BY_ORGANISATION),
        marks.marks("partnership_usagereturn", marks.BY_SIGN_UP),
    ]

from django.db import migrations

# Whether a scheme has stickers or training also depends on what its principles require, so a change
# of these counts as a change of what is remembered.
VERSION = """
CREATE OR REPLACE FUNCTION signposting_version() RETURNS bigint
LANGUAGE plpgsql STABLE
AS $function$
BEGIN
    RETURN (
        SELECT coalesce(bit_xor(hash_record_extended(row.state, 0)), 0) FROM (
            SELECT ROW(tableoid, ctid, xmin) FROM signposting_service
            UNION ALL SELECT ROW(tableoid, ctid, xmin) FROM venues_scheme
            UNION ALL SELECT ROW(tableoid, ctid, xmin) FROM venues_schemecontact
            UNION ALL SELECT ROW(tableoid, ctid, xmin) FROM venues_contactkind
            {parts}
        ) AS row (state)
    );
END
$function$;
"""
PARTS = "UNION ALL SELECT ROW(tableoid, ctid, xmin) FROM venues_requirement"


class Migration(migrations.Migration):
    dependencies = [
        ("signposting", "0004_around_a_point"),
        ("venues", "0048_moments_of_kept_listings"),
    ]

    operations = [
        migrations.RunSQL(VERSION.format(parts=PARTS), VERSION.format(parts="")),
    ]

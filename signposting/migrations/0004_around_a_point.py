from django.db import migrations

# `version` differs as soon as one of these rows is changed, added or removed: where a row lies and
# which transaction wrote it is another pair after every change. No trigger has to keep it.
AROUND = """
CREATE FUNCTION signposting_version() RETURNS bigint
LANGUAGE plpgsql STABLE
AS $function$
BEGIN
    RETURN (
        SELECT coalesce(bit_xor(hash_record_extended(row.state, 0)), 0) FROM (
            SELECT ROW(tableoid, ctid, xmin) FROM signposting_service
            UNION ALL SELECT ROW(tableoid, ctid, xmin) FROM venues_scheme
            UNION ALL SELECT ROW(tableoid, ctid, xmin) FROM venues_schemecontact
            UNION ALL SELECT ROW(tableoid, ctid, xmin) FROM venues_contactkind
        ) AS row (state)
    );
END
$function$;

CREATE FUNCTION signposting_around(
    here geometry, kinds text[], OUT version bigint, OUT code text, OUT schemes bigint[]
)
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan
AS $function$
BEGIN
    version := signposting_version();
    code := geography_official_code(here, kinds);
    schemes := ARRAY(
        SELECT scheme.id FROM venues_scheme scheme
        WHERE scheme.area_id IS NULL OR scheme.area_id IN (
            SELECT area.id FROM geography_area area
            WHERE area.id = ANY (ARRAY(SELECT other.area_id FROM venues_scheme other))
                AND ST_Covers(area.boundary, here)
        )
        ORDER BY scheme.id
    );
END
$function$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("signposting", "0003_places_with_staff"),
        ("geography", "0007_official_code_at"),
        ("venues", "0046_one_letter_for_all_places"),
    ]

    operations = [
        migrations.RunSQL(
            AROUND,
            "DROP FUNCTION signposting_around(geometry, text[]); DROP FUNCTION signposting_version()",
        ),
    ]

from django.db import migrations

# All that an answer says, in one row: reading it column by column takes Python longer than
# PostgreSQL needs to find the places. `places` is NULL where the kept listings cannot be used.
# Moments are seconds since 1970, as `datetime.fromtimestamp` reads them.
SEARCH = """
CREATE FUNCTION signposting_search(
    east double precision, north double precision, kinds text[],
    moment timestamptz, only_scheme bigint, release text,
    how_far double precision, looked_at integer, most_open integer, most_others integer,
    wanted jsonb, speaks text, also_open_at timestamptz,
    OUT version bigint, OUT code text, OUT schemes bigint[], OUT places text
)
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
    here geometry := ST_SetSRID(ST_MakePoint(east, north), 27700);
BEGIN
    SELECT around.version, around.code, around.schemes INTO version, code, schemes
    FROM signposting_around(here, kinds) around;
    SELECT CASE
        WHEN count(*) = 0 THEN '[]'
        WHEN bool_and(found.venue IS NOT NULL) THEN json_agg(json_build_array(
            found.metres, found.state, extract(epoch FROM found.until),
            extract(epoch FROM found.opens_next), found.cannot_help, found.badges,
            found.what_to_say, found.facts
        ))::text
    END INTO places
    FROM venues_nearest_kept(
        here, moment, only_scheme, release, how_far, looked_at, most_open, most_others,
        wanted, speaks, also_open_at
    ) found;
END
$function$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("signposting", "0006_wording"),
        ("venues", "0053_open_spans_of_kept_listings"),
    ]

    operations = [
        migrations.RunSQL(
            SEARCH,
            "DROP FUNCTION signposting_search(double precision, double precision, text[],"
            " timestamptz, bigint, text, double precision, integer, integer, integer, jsonb, text,"
            " timestamptz)",
        ),
    ]

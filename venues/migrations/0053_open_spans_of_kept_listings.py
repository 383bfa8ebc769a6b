from importlib import import_module

from django.contrib.postgres.indexes import GistIndex
from django.db import migrations

from venues.models.kept import Moments

BEFORE = import_module("venues.migrations.0047_nearest_kept_with_wishes").NEAREST
SIGNATURE = (
    "venues_nearest_kept(geometry, timestamptz, bigint, text, double precision, integer, integer,"
    " integer, jsonb, text, timestamptz)"
)

# The state of a listing at a moment of its day, in the order of `venues.hours.model.hours_state`.
STATE = """
    CASE
        WHEN listing.open_at @> moment THEN 'open'
        WHEN listing.unsure_at @> moment THEN 'not_confirmed'
        ELSE 'closed'
    END
"""

# What somebody wishes of a place. `has_wishes` goes first: without any, nothing is looked up.
FITS = """
    (NOT has_wishes OR ((also_open_at IS NULL OR listing.open_at @> also_open_at) AND (
        SELECT kept.facts @> wanted
            AND strpos(upper(kept.facts ->> 'languages'), upper(speaks)) > 0
        FROM venues_keptvenue kept WHERE kept.venue_id = listing.venue_id
    )))
"""
NEAREST = f"""
CREATE FUNCTION venues_nearest_kept(
    here geometry, moment timestamptz, only_scheme bigint, release text,
    how_far double precision, looked_at integer, most_open integer, most_others integer,
    wanted jsonb, speaks text, also_open_at timestamptz
) RETURNS TABLE (
    venue bigint, metres double precision, state text, until timestamptz, opens_next timestamptz,
    cannot_help boolean, badges jsonb, what_to_say text, facts jsonb
)
LANGUAGE plpgsql STABLE
-- A plan made for one point may start parallel workers for the part that usually never runs; a
-- plan for all points, walking the index, is made once a connection and is good for any.
SET plan_cache_mode = force_generic_plan
SET max_parallel_workers_per_gather = 0
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET jit = off
AS $function$
#variable_conflict use_column
DECLARE
    that_day date := (moment AT TIME ZONE 'Europe/London')::date;
    a_fortnight_on timestamptz := (that_day + 14)::timestamp AT TIME ZONE 'Europe/London';
    around geometry := ST_Expand(here, how_far);
    has_wishes boolean := wanted <> '{{}}' OR speaks <> '' OR also_open_at IS NOT NULL;
BEGIN
    IF EXISTS (SELECT FROM venues_keptmark)
        OR NOT EXISTS (SELECT FROM venues_keptday d WHERE d.day = that_day AND d.version = release)
    THEN
        RETURN QUERY SELECT NULL::bigint, NULL::float, NULL::text, NULL::timestamptz,
            NULL::timestamptz, NULL::boolean, NULL::jsonb, NULL::text, NULL::jsonb;
        RETURN;
    END IF;
    RETURN QUERY
    WITH near AS MATERIALIZED (
        SELECT listing.venue_id, listing.point <-> here AS away, {STATE} AS state,
            listing.badges, listing.what_to_say
        FROM venues_keptlisting listing
        WHERE listing.day = that_day AND listing.point && around
            AND (only_scheme IS NULL OR only_scheme = ANY (listing.schemes))
            AND {FITS}
        ORDER BY listing.point <-> here
        LIMIT looked_at
    ), open_near AS MATERIALIZED (
        SELECT * FROM near WHERE near.state = 'open' AND near.away <= how_far
        ORDER BY near.away, near.venue_id LIMIT most_open
    ), chosen AS (
        (
            SELECT * FROM near WHERE near.state = 'closed' AND near.away <= how_far
            ORDER BY near.away, near.venue_id LIMIT most_others
        )
        UNION ALL (
            SELECT * FROM near WHERE near.state = 'not_confirmed' AND near.away <= how_far
            ORDER BY near.away, near.venue_id LIMIT most_others
        )
        UNION ALL SELECT * FROM open_near WHERE (SELECT count(*) FROM open_near) >= most_open
        UNION ALL (
            SELECT listing.venue_id, listing.point <-> here AS away, 'open' AS state,
                listing.badges, listing.what_to_say
            FROM venues_keptlisting listing
            WHERE (SELECT count(*) FROM open_near) < most_open
                AND listing.day = that_day AND listing.point && around
                AND listing.open_at @> moment
                AND (only_scheme IS NULL OR only_scheme = ANY (listing.schemes))
                AND {FITS}
                AND listing.point <-> here <= how_far
            ORDER BY listing.point <-> here
            LIMIT most_open
        )
    )
    SELECT chosen.venue_id, chosen.away, chosen.state,
        CASE WHEN chosen.state = 'open'
            THEN kept.edges[width_bucket(moment, kept.edges) + 1] END,
        CASE WHEN chosen.state = 'closed' THEN (
            SELECT CASE
                WHEN from_then.next < a_fortnight_on OR from_then.next = from_then.earliest
                THEN from_then.next END
            FROM (
                SELECT free.earliest, CASE
                    WHEN free.earliest > moment
                        AND width_bucket(free.earliest, kept.edges) % 2 = 1
                    THEN free.earliest
                    ELSE kept.edges[width_bucket(free.earliest, kept.edges) + 1]
                END AS next
                FROM (SELECT GREATEST(moment, kept.unavailable_until) AS earliest) AS free
            ) AS from_then
        ) END,
        COALESCE(kept.unavailable_until > moment, false),
        chosen.badges, chosen.what_to_say::text, kept.facts
    FROM chosen JOIN venues_keptvenue kept ON kept.venue_id = chosen.venue_id
    ORDER BY chosen.away, chosen.venue_id;
END
$function$
"""


class Migration(migrations.Migration):
    dependencies = [("venues", "0052_organisations_by_telephone")]

    operations = [
        migrations.RunSQL(f"DROP FUNCTION {SIGNATURE}", BEFORE),
        # Of another release: the worker computes them anew, and until then the rules answer.
        migrations.RunSQL("TRUNCATE venues_keptlisting, venues_keptday", migrations.RunSQL.noop),
        migrations.RemoveIndex("keptlisting", "kept_listing_nearest"),
        migrations.RemoveField("keptlisting", "hull"),
        migrations.AddField("keptlisting", "open_at", Moments(db_default="{}")),
        migrations.AddField("keptlisting", "unsure_at", Moments(db_default="{}")),
        migrations.AddIndex(
            "keptlisting",
            GistIndex(fields=["day", "point", "open_at"], name="kept_listing_nearest"),
        ),
        migrations.RunSQL(NEAREST, f"DROP FUNCTION {SIGNATURE}"),
    ]

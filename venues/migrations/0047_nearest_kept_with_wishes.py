from importlib import import_module

from django.db import migrations

BEFORE = import_module("venues.migrations.0037_nearest_kept").NEAREST


# The state of a kept venue at a moment, in the order of `venues.hours.model.hours_state`. The
# number of edges that have passed says whether it is open, to the microsecond.
def state_at(moment: str) -> str:
    return f"""
    CASE
        WHEN kept.unavailable_until > {moment} THEN 'closed'
        WHEN kept.confirmed_until IS NULL OR kept.confirmed_until < {moment} THEN 'not_confirmed'
        WHEN width_bucket({moment}, kept.edges) % 2 = 1 THEN 'open'
        WHEN width_bucket({moment}, kept.doubt) % 2 = 1 THEN 'not_confirmed'
        ELSE 'closed'
    END
"""


STATE = state_at("moment")

# What somebody wishes of a place. `has_wishes` goes first: without any, nothing is looked up.
FITS = f"""
    (NOT has_wishes OR (
        SELECT kept.facts @> wanted
            AND strpos(upper(kept.facts ->> 'languages'), upper(speaks)) > 0
            AND (also_open_at IS NULL OR {state_at("also_open_at")} = 'open')
        FROM venues_keptvenue kept WHERE kept.venue_id = listing.venue_id
    ))
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
        SELECT listing.venue_id, listing.point <-> here AS away
        FROM venues_keptlisting listing
        WHERE listing.day = that_day AND listing.point && around
            AND (only_scheme IS NULL OR only_scheme = ANY (listing.schemes))
            AND {FITS}
        ORDER BY listing.point <-> here
        LIMIT looked_at
    ), stated AS MATERIALIZED (
        SELECT near.venue_id, near.away, {STATE} AS state
        FROM near JOIN venues_keptvenue kept ON kept.venue_id = near.venue_id
        WHERE near.away <= how_far
    ), closed AS (
        SELECT * FROM stated WHERE stated.state = 'closed'
        ORDER BY stated.away, stated.venue_id LIMIT most_others
    ), not_confirmed AS (
        SELECT * FROM stated WHERE stated.state = 'not_confirmed'
        ORDER BY stated.away, stated.venue_id LIMIT most_others
    ), open_near AS MATERIALIZED (
        SELECT * FROM stated WHERE stated.state = 'open'
        ORDER BY stated.away, stated.venue_id LIMIT most_open
    ), open_farther AS (
        SELECT listing.venue_id, listing.point <-> here AS away, 'open' AS state
        FROM venues_keptlisting listing JOIN venues_keptvenue kept USING (venue_id)
        WHERE (SELECT count(*) FROM open_near) < most_open
            AND listing.day = that_day AND listing.point && around AND listing.hull @> moment
            AND (only_scheme IS NULL OR only_scheme = ANY (listing.schemes))
            AND {FITS}
            AND {STATE} = 'open'
            AND listing.point <-> here <= how_far
        ORDER BY listing.point <-> here
        LIMIT most_open
    ), chosen AS (
        SELECT * FROM closed
        UNION ALL SELECT * FROM not_confirmed
        UNION ALL SELECT * FROM open_near WHERE (SELECT count(*) FROM open_near) >= most_open
        UNION ALL SELECT * FROM open_farther
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
        listing.badges, listing.what_to_say::text, kept.facts
    FROM chosen
    JOIN venues_keptvenue kept ON kept.venue_id = chosen.venue_id
    JOIN venues_keptlisting listing
        ON listing.venue_id = chosen.venue_id AND listing.day = that_day
    ORDER BY chosen.away, chosen.venue_id;
END
$function$
"""


class Migration(migrations.Migration):
    dependencies = [("venues", "0046_one_letter_for_all_places")]

    operations = [
        migrations.RunSQL(
            "DROP FUNCTION venues_nearest_kept("
            "geometry, timestamptz, bigint, text, double precision, integer, integer, integer)",
            BEFORE,
        ),
        migrations.RunSQL(
            NEAREST,
            "DROP FUNCTION venues_nearest_kept(geometry, timestamptz, bigint, text,"
            " double precision, integer, integer, integer, jsonb, text, timestamptz)",
        ),
    ]

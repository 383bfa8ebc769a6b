from django.contrib.gis.db.models import PointField
from django.db import migrations, models
from django.db.models.functions import Now

# What a kept venue says of a moment, as `venues_nearest_kept` works it out for the nearest. The
# number of edges that have passed says whether it is open. A table of one row, so that PostgreSQL
# writes it into the query that uses it.
MOMENT = """
CREATE FUNCTION venues_kept_moment(kept venues_keptvenue, moment timestamptz) RETURNS TABLE (
    state text, until timestamptz, opens_next timestamptz, cannot_help boolean
) LANGUAGE sql STABLE AS $function$
    SELECT stated.state,
        CASE WHEN stated.state = 'open' THEN kept.edges[stated.passed + 1] END,
        CASE WHEN stated.state = 'closed' THEN CASE
            WHEN stated.earliest > moment AND width_bucket(stated.earliest, kept.edges) % 2 = 1
            THEN stated.earliest
            WHEN kept.edges[width_bucket(stated.earliest, kept.edges) + 1] <
                ((moment AT TIME ZONE 'Europe/London')::date + 14)::timestamp
                AT TIME ZONE 'Europe/London'
            THEN kept.edges[width_bucket(stated.earliest, kept.edges) + 1]
        END END,
        COALESCE(kept.unavailable_until > moment, false)
    FROM (
        SELECT passed.passed, GREATEST(moment, kept.unavailable_until) AS earliest, CASE
            WHEN kept.unavailable_until > moment THEN 'closed'
            WHEN kept.confirmed_until IS NULL OR kept.confirmed_until < moment
            THEN 'not_confirmed'
            WHEN passed.passed % 2 = 1 THEN 'open'
            WHEN width_bucket(moment, kept.doubt) % 2 = 1 THEN 'not_confirmed'
            ELSE 'closed'
        END AS state
        FROM (SELECT width_bucket(moment, kept.edges) AS passed) AS passed
    ) AS stated
$function$
"""


class Migration(migrations.Migration):
    dependencies = [("venues", "0047_nearest_kept_with_wishes")]

    operations = [
        migrations.AddField(
            model_name="keptvenue",
            name="changed_at",
            field=models.DateTimeField(db_default=Now()),
        ),
        migrations.AlterField(
            model_name="keptlisting",
            name="point",
            field=PointField(null=True, spatial_index=False, srid=27700),
        ),
        migrations.RunSQL(
            MOMENT, "DROP FUNCTION venues_kept_moment(venues_keptvenue, timestamptz)"
        ),
    ]

"""The population-weighted centre of each area: where a search by the area's name starts."""

from geography.names import NOT_STATISTICAL

# Each census puts people at nearly the same points, so the mean over all of them is sound.
MEANS = (
    "SELECT area.id, ST_SetSRID(ST_MakePoint("
    " round((sum(point.people * ST_X(point.point)) / sum(point.people))::numeric, 1),"
    " round((sum(point.people * ST_Y(point.point)) / sum(point.people))::numeric, 1)), 27700)"
    " AS middle FROM geography_area AS area JOIN geography_populationpoint AS point"
    " ON ST_Covers(area.boundary, point.point)"
    f" WHERE area.{NOT_STATISTICAL} AND (%(sources)s IS NULL OR area.source = ANY(%(sources)s))"
    " GROUP BY area.id HAVING sum(point.people) > 0"
)
WEIGH = (
    f"WITH means AS MATERIALIZED ({MEANS})"
    " UPDATE geography_area AS area SET people_middle = weighed.middle"
    " FROM (SELECT each.id, CASE WHEN ST_Covers(each.boundary, means.middle)"
    " THEN means.middle END AS middle"
    " FROM geography_area AS each LEFT JOIN means ON means.id = each.id"
    f" WHERE each.{NOT_STATISTICAL} AND (%(sources)s IS NULL OR each.source = ANY(%(sources)s)))"
    " AS weighed WHERE area.id = weighed.id"
    " AND area.people_middle IS DISTINCT FROM weighed.middle"
)


def weigh_middles(cursor, sources: list[str] | None = None) -> None:
    """Store the centre of every area, or of those of these `sources`; NULL if unknown.

    A centre outside its own area (a horseshoe's) counts as unknown. Call this whenever areas or
    people were imported.
    """
    cursor.execute(WEIGH, {"sources": sources})

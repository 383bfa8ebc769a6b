"""Database triggers that note which venues' kept rows may be out of date.

Nobody has to remember them: an action, an import, a bulk update and a statement typed by hand all
leave their mark. A test compares the tables that the rules read with those that have triggers.
Migrations of every app with such tables use this module; do not change what it has created.
"""

from django.db.migrations.operations import RunSQL

FUNCTION = """
CREATE FUNCTION venues_mark_kept() RETURNS trigger LANGUAGE plpgsql AS $function$
DECLARE changed text;
BEGIN
    changed := CASE TG_OP
        WHEN 'INSERT' THEN 'TABLE new_rows'
        WHEN 'DELETE' THEN 'TABLE old_rows'
        -- Saving a row unchanged leaves no mark.
        ELSE '(TABLE new_rows EXCEPT TABLE old_rows)'
            ' UNION ALL (TABLE old_rows EXCEPT TABLE new_rows)'
    END;
    EXECUTE 'WITH changed AS (' || changed || ')'
        ' INSERT INTO venues_keptmark (venue_id, made_in)'
        ' SELECT DISTINCT found.venue, pg_current_xact_id()::text::bigint'
        ' FROM (' || TG_ARGV[0] || ') AS found (venue) WHERE found.venue IS NOT NULL';
    -- For this transaction alone: its end need not look into a table to see that it has no marks.
    PERFORM set_config('safespaces.kept_marks', 'made', true);
    RETURN NULL;
END
$function$
"""
OF_EACH = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}
BY_VENUE = "SELECT venue_id FROM changed"
BY_SIGN_UP = """SELECT sign_up.venue_id FROM changed
    JOIN venues_signup sign_up ON sign_up.id = changed.sign_up_id"""
BY_SCHEME = """SELECT sign_up.venue_id FROM changed
    JOIN venues_signup sign_up ON sign_up.scheme_id = changed.scheme_id"""
BY_PERSON = """SELECT post.venue_id FROM changed
    JOIN venues_post post ON post.staff_member_id = changed.staff_member_id"""
BY_ORGANISATION = """SELECT venue.id FROM changed
    JOIN venues_venue venue ON venue.organisation_id = changed.organisation_id"""


def function() -> RunSQL:
    """Creates the function that all triggers call."""
    return RunSQL(FUNCTION, "DROP FUNCTION venues_mark_kept()")


def marks(table: str, venues: str) -> RunSQL:
    """Triggers on `table`. `venues` selects the affected venues' ids from `changed`, the rows
    before and after the change.
    """
    quoted = venues.replace("'", "''")
    make = [
        f"CREATE TRIGGER mark_kept_{event.lower()} AFTER {event} ON {table} REFERENCING {rows}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION venues_mark_kept('{quoted}')"
        for event, rows in OF_EACH.items()
    ]
    drop = [f"DROP TRIGGER mark_kept_{event.lower()} ON {table}" for event in OF_EACH]
    return RunSQL("; ".join(make), "; ".join(drop))

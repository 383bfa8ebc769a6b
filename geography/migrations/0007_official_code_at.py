from django.db import migrations

# Asked for the small kinds first: a ward's boundary is read in a tenth of the time of a county's.
# The letters are those of `geography.nations.BY_LETTER`; a test compares the two.
OFFICIAL_CODE = """
CREATE FUNCTION geography_official_code(here geometry, kinds text[]) RETURNS text
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
    one text;
    found_code text;
BEGIN
    FOREACH one IN ARRAY kinds LOOP
        SELECT area.code INTO found_code FROM geography_area area
        WHERE area.kind = one AND area.code ~ '^[EWSN][0-9][0-9]'
            AND ST_Covers(area.boundary, here)
        LIMIT 1;
        IF FOUND THEN
            RETURN found_code;
        END IF;
    END LOOP;
    RETURN NULL;
END
$function$
"""


class Migration(migrations.Migration):
    dependencies = [("geography", "0006_postcodes_that_ended")]

    operations = [
        migrations.RunSQL(OFFICIAL_CODE, "DROP FUNCTION geography_official_code(geometry, text[])"),
    ]

-- Writers name the project of what they sent anew, and may say more of it; and they make the temporary tables that a push goes
-- through, also where the database lets nobody do so.

SET LOCAL search_path = aicheck, pg_catalog, pg_temp;

GRANT UPDATE (project, session, body) ON records TO aicheck_writer;
DO $$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO aicheck_writer', current_database()); END $$;

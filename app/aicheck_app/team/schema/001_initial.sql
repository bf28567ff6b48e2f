-- A team's log: records and facts of many people, each row with the login that wrote it.
--
-- Who may do what: members of aicheck_writer push their own log and see nothing else; members of aicheck_reader read the
-- projects that the table "access" names for them; who runs this script owns the tables and sees all.

CREATE SCHEMA aicheck;
SET LOCAL search_path = aicheck, pg_catalog, pg_temp;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'aicheck_reader') THEN CREATE ROLE aicheck_reader NOLOGIN; END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'aicheck_writer') THEN CREATE ROLE aicheck_writer NOLOGIN; END IF;
END $$;

CREATE TABLE version (number integer NOT NULL);
INSERT INTO version VALUES (0);

-- A person's pseudonym belongs to the login that used it first.
CREATE TABLE people (
    person text PRIMARY KEY,
    login name NOT NULL DEFAULT session_user,
    since timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE access (
    login name NOT NULL,
    project text NOT NULL, -- '*' is all of them
    PRIMARY KEY (login, project)
);

-- How far each log (source) came, for a choice of its projects, and the head of its chain then.
CREATE TABLE pushes (
    source text NOT NULL,
    person text NOT NULL REFERENCES people,
    scope text NOT NULL,
    seq bigint NOT NULL DEFAULT 0,
    touched bigint NOT NULL DEFAULT 0,
    head text NOT NULL DEFAULT '', -- the hash of the record in that place
    changed timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (source, scope)
);

CREATE TABLE heads (
    source text NOT NULL,
    person text NOT NULL REFERENCES people,
    head text NOT NULL,
    seq bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (source, head)
);

CREATE TABLE records (
    source text NOT NULL,
    id text NOT NULL,
    day text COLLATE "C" NOT NULL, -- empty where no time is known
    seq bigint NOT NULL,
    person text NOT NULL,
    project text NOT NULL,
    kind text NOT NULL,
    "time" text NOT NULL,
    agent text,
    agent_version text,
    model text,
    language text,
    verdict text,
    session text,
    tool text,
    target text,
    body jsonb NOT NULL CHECK (jsonb_typeof(body) = 'object'),
    hash text NOT NULL,
    PRIMARY KEY (source, id, day)
) PARTITION BY RANGE (day);
CREATE TABLE records_undated PARTITION OF records FOR VALUES FROM (MINVALUE) TO ('2022'); -- those without a day, which is ''
CREATE INDEX records_verdict ON records (kind, verdict, day);
CREATE INDEX records_target ON records (target) WHERE target IS NOT NULL;
CREATE INDEX records_session ON records (session, kind);

CREATE TABLE facts (
    source text NOT NULL,
    id bigint NOT NULL,
    ${key},
    first text NOT NULL,
    last text NOT NULL,
    touched bigint NOT NULL,
    PRIMARY KEY (source, id, day)
) PARTITION BY RANGE (day);
CREATE TABLE facts_undated PARTITION OF facts FOR VALUES FROM (MINVALUE) TO ('2022');
CREATE INDEX facts_touched ON facts (touched, day);
CREATE INDEX facts_day ON facts (day, known, agent, model, version);

-- Records of months before this one were dropped, and are not taken again.
CREATE TABLE horizon (month text COLLATE "C" NOT NULL);
INSERT INTO horizon VALUES ('');

-- What is held while a partition is made: only this function can lock it.
CREATE TABLE turns ();

-- Makes the partitions of a month where they are missing. Says what it has room for: 0 nothing (the month is no ordinary one),
-- 1 facts alone (its records were dropped), 2 records too. A table is made by itself and then attached, which waits for no reader.
CREATE FUNCTION month(first date) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = aicheck, pg_catalog, pg_temp AS $$
DECLARE
    low text := to_char(first, 'YYYY-MM');
    high text := to_char(first + interval '1 month', 'YYYY-MM');
    kept boolean := low >= (SELECT month FROM horizon);
    parent text;
    part text;
BEGIN
    IF first <> date_trunc('month', first) OR first < '2022-01-01' OR first > now() + interval '1 month' THEN
        RETURN 0;
    END IF;
    FOREACH parent IN ARRAY CASE WHEN kept THEN ARRAY['records', 'facts'] ELSE ARRAY['facts'] END LOOP
        part := parent || to_char(first, '_YYYY_MM');
        CONTINUE WHEN EXISTS (SELECT FROM pg_class WHERE relname = part AND relnamespace = 'aicheck'::regnamespace);
        LOCK TABLE turns IN ACCESS EXCLUSIVE MODE;
        -- Asked again, of the catalogue as it is by now: another session may have made it meanwhile.
        CONTINUE WHEN EXISTS (SELECT FROM pg_class WHERE relname = part AND relnamespace = 'aicheck'::regnamespace);
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', part, parent);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, part, low, high);
    END LOOP;
    RETURN 1 + kept::integer;
END $$;

-- Retention: the records of whole months that ended before a day go; facts, which hold no words, stay.
CREATE FUNCTION drop_records(before date) RETURNS bigint LANGUAGE plpgsql SET search_path = aicheck, pg_catalog, pg_temp AS $$
DECLARE
    part record;
    gone bigint := 0;
    number bigint;
BEGIN
    UPDATE horizon SET month = greatest(month, to_char(before, 'YYYY-MM'));
    FOR part IN SELECT inhrelid::regclass AS name, right(inhrelid::regclass::text, 7) AS month FROM pg_inherits
        WHERE inhparent = 'aicheck.records'::regclass AND inhrelid::regclass::text ~ 'records_\d{4}_\d{2}$' LOOP
        IF to_date(part.month, 'YYYY_MM') + interval '1 month' <= before THEN
            EXECUTE format('SELECT count(*) FROM %s', part.name) INTO number;
            EXECUTE format('DROP TABLE %s', part.name);
            gone := gone + number;
        END IF;
    END LOOP;
    RETURN gone;
END $$;

-- The caller's own pseudonyms, and the projects that the caller may read. They answer for the login, whatever role is set.
CREATE FUNCTION mine() RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = aicheck, pg_catalog, pg_temp
    AS $$ SELECT person FROM people WHERE login = session_user $$;
CREATE FUNCTION readable() RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = aicheck, pg_catalog, pg_temp
    AS $$ SELECT project FROM access WHERE login = session_user $$;
CREATE FUNCTION reads_all() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = aicheck, pg_catalog, pg_temp
    AS $$ SELECT EXISTS (SELECT FROM access WHERE login = session_user AND project = '*') $$;

-- Whether a pseudonym is the caller's from now on.
CREATE FUNCTION claim(who text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = aicheck, pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO people (person) VALUES (who) ON CONFLICT DO NOTHING;
    RETURN EXISTS (SELECT FROM people WHERE person = who AND login = session_user);
END $$;

ALTER TABLE records ENABLE ROW LEVEL SECURITY;
ALTER TABLE facts ENABLE ROW LEVEL SECURITY;
ALTER TABLE pushes ENABLE ROW LEVEL SECURITY;
ALTER TABLE heads ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON records TO aicheck_writer USING (person IN (SELECT mine())) WITH CHECK (person IN (SELECT mine()));
CREATE POLICY own ON facts TO aicheck_writer USING (person IN (SELECT mine())) WITH CHECK (person IN (SELECT mine()));
CREATE POLICY own ON pushes TO aicheck_writer USING (person IN (SELECT mine())) WITH CHECK (person IN (SELECT mine()));
CREATE POLICY own ON heads TO aicheck_writer USING (person IN (SELECT mine())) WITH CHECK (person IN (SELECT mine()));
CREATE POLICY granted ON records FOR SELECT TO aicheck_reader
    USING ((SELECT reads_all()) OR project IN (SELECT readable()));
CREATE POLICY granted ON facts FOR SELECT TO aicheck_reader
    USING ((SELECT reads_all()) OR project IN (SELECT readable()));
CREATE POLICY heads_of_all ON heads FOR SELECT TO aicheck_reader USING ((SELECT reads_all()));

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA aicheck FROM PUBLIC;
GRANT USAGE ON SCHEMA aicheck TO aicheck_reader, aicheck_writer;
GRANT SELECT ON version TO aicheck_reader, aicheck_writer;
GRANT SELECT ON records, facts, heads TO aicheck_reader;
GRANT SELECT, INSERT, DELETE ON records TO aicheck_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON facts TO aicheck_writer;
GRANT SELECT, INSERT, UPDATE ON pushes TO aicheck_writer;
GRANT SELECT, INSERT ON heads TO aicheck_writer;
GRANT EXECUTE ON FUNCTION mine(), claim(text), month(date) TO aicheck_writer;
GRANT EXECUTE ON FUNCTION readable(), reads_all() TO aicheck_reader;

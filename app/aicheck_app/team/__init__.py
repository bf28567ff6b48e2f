"""A team's log: what many people's logs hold, in PostgreSQL, or what a bulk check has written, in Parquet."""

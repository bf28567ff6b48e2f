"""Where a text's imports lead: one file a language."""

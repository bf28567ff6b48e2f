"""Which lines are AI-written, and how that is known: one file a kind of evidence."""

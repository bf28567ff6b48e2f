"""The demo: self-made agent sessions with good and degraded outputs."""

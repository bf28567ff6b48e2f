"""OpenTelemetry, both ways: what a team's collector is sent, and what agents send here."""

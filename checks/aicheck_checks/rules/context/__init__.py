"""Rules about what a session of an agent forgot."""

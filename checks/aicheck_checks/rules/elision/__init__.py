"""A promise where code should stand."""

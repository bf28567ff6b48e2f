"""Known slow idioms."""

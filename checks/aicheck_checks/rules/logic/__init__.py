"""Contradictions that a linter can prove."""

"""Rates over outputs and sessions, and how sure they are."""

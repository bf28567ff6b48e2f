"""Calls that the installed library does not have."""

"""Evidence: what the log holds about a time, as an export that a stranger can check."""

from __future__ import annotations

FORMATS = ("markdown", "html", "json", "sarif", "csv")

"""The application of aicheck: capture, the local log, monitoring, reports and commands."""

from __future__ import annotations

__version__ = "0.1.0"

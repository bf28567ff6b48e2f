"""The checks library of aicheck: text in, findings out.

``aicheck_checks.engine.check`` is the only way in. Nothing here reads or writes
a database, speaks a protocol, opens a connection or runs the checked code.
"""

from __future__ import annotations

RULESET = "1"
"""Version of the rules' behaviour: a change that moves a rate raises it."""

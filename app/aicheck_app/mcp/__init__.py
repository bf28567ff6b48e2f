"""``aicheck mcp``: checks and the log, for agents that speak the Model Context Protocol."""

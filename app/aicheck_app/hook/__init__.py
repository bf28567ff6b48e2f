"""``aicheck hook``: standing in the loop of coding agents, at every edit."""

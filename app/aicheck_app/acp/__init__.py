"""``aicheck acp``: a proxy between an editor and an agent, which logs what the agent writes."""

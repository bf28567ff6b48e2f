"""The local page: the log in a browser of this machine, for its user alone."""

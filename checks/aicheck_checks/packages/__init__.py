"""Which packages there are at all: offline indexes of the names that registries hold."""

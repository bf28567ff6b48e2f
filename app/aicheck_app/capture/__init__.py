"""Capture: one module a source. Each turns what a client keeps into outputs with their origin."""

"""Names and modules that nothing provides."""

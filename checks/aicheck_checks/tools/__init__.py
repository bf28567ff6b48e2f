"""Other tools, driven as what they are."""

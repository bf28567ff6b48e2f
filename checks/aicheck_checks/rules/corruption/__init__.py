"""Text that has no business in a source file."""

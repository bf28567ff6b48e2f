"""Text that repeats itself."""

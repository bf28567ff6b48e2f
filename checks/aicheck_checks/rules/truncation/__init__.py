"""Text that stops before its end."""

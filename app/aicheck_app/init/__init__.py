"""Setting aicheck up in a project: each part changes one file of it, and can take its change back."""

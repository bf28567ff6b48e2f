"""Everything that is shown or exported: one file a format. Only this package knows formats."""

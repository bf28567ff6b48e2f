"""Names that a text uses and nothing defines: one file a language."""

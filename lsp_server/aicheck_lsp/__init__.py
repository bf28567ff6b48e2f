"""The language server of aicheck: the only package that knows LSP."""

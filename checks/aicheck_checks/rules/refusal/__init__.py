"""A refusal where code was asked for."""

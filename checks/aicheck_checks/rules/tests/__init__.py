"""Tests that test less than before."""

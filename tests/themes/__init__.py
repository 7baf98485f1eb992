"""Themes that nobody has seen: their names mean nothing, and each has a house of its own."""

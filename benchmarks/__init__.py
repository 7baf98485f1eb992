"""Measurements; each prints what it measured, and where."""

"""Imports of the records that councils already have, from their own tables."""

"""Importers of records that councils and organisations already have."""

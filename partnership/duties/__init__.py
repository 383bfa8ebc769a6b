"""Hourly duties, one module per noun."""

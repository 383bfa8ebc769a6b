"""Signed links for use without an account, one module per noun."""

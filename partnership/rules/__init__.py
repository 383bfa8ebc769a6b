"""Questions, without a write. One module a noun."""

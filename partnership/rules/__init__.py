"""Rules about the partnership: read-only, one module per noun."""

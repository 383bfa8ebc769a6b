"""Letters, queued in the transaction that causes them. One module a noun."""

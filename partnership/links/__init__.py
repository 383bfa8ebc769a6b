"""What may be done without an account, by a signed link. One module a noun."""

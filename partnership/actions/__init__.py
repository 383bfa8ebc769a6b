"""The only code that changes state. One module a noun; import from here."""

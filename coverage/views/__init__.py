"""The pages; import from the modules."""

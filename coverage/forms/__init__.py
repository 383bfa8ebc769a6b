"""What is asked in forms; import from the modules."""

"""What councils have already, brought in from their own tables."""

"""What officers see and do. One module a noun."""

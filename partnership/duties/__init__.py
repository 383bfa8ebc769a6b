"""What is done each hour without anybody asking. One module a noun."""

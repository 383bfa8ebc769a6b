"""Pages of venues and of people behind a link. One module a noun."""

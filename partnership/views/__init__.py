"""Pages for venues and for holders of a link, one module per noun."""

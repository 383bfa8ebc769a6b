"""The organisation portal and its public start page, one module per noun."""

"""The pages of the organisation portal and its public start page, one module a noun."""

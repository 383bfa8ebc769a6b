"""The addresses of the partnership: meetings, returns, issues, the pack."""

urlpatterns = []

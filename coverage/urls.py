"""The addresses of coverage."""

urlpatterns = []

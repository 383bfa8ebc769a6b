from django.urls import path

from signposting import badge_views, views

urlpatterns = [
    path("", views.finder, name="finder"),
    path("venues/<slug:slug>/", views.venue_page, name="venue_page"),
    path(
        "venues/<slug:slug>/badge/<slug:scheme>.svg",
        badge_views.website_badge_picture,
        name="website_badge_picture",
    ),
    path(
        "portal/<int:pk>/badge-for-website/",
        badge_views.badge_for_website,
        name="badge_for_website",
    ),
    path("map/", views.map, name="map"),
    path("map/part/", views.map_part, name="map_part"),
    path("map/places.geojson", views.map_data, name="map_data"),
    path("map/areas.geojson", views.map_areas, name="map_areas"),
    path("schemes/", views.schemes, name="schemes"),
    path("schemes/<slug:slug>/", views.scheme_page, name="scheme_page"),
    path("schemes/<slug:slug>/followed/", views.if_followed, name="if_followed"),
    path("schemes/<slug:slug>/map/", views.map, name="scheme_map"),
    path(
        "schemes/<slug:slug>/map/places.geojson",
        views.map_data,
        name="scheme_map_data",
    ),
    path("schemes/<slug:slug>/map/areas.geojson", views.map_areas, name="scheme_map_areas"),
    path("stickers/<str:code>/", views.sticker_page, name="sticker_page"),
    path("show-this/", views.show_to_staff, name="show_to_staff"),
    path("card/", views.card, name="card"),
    path("help/", views.help, name="help"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("cookies/", views.cookies, name="cookies"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
]

"""Addresses of the reminders room."""

from django.urls import path

from footbridge.journey.reminders import views

app_name = "reminders"
urlpatterns = [
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/address/", views.address, name="address"),
    path("calendar/delete/", views.delete, name="delete"),
    path("calendar/<str:secret>.ics", views.feed, name="feed"),
]

"""Addresses of the consents room."""

from django.urls import URLPattern

app_name = "consents"
urlpatterns: list[URLPattern] = []

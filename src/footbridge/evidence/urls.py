"""Addresses of the evidence floor."""

from django.urls import URLPattern

app_name = "evidence"
urlpatterns: list[URLPattern] = []

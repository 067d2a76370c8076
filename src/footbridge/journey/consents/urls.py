"""Addresses of the consents room."""

from django.urls import path

from footbridge.journey.consents import views

app_name = "consents"
urlpatterns = [
    path("people/<uuid:person_id>/consents/", views.of, name="of"),
    path("people/<uuid:person_id>/consents/ask/", views.ask, name="ask"),
    path("people/<uuid:person_id>/consents/contact/", views.contact, name="contact"),
    path(
        "people/<uuid:person_id>/consents/<str:purpose>/withdraw/", views.withdraw, name="withdraw"
    ),
]

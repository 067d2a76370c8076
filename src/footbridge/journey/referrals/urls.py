"""Addresses of the referrals room."""

from django.urls import path

from footbridge.journey.referrals import views

app_name = "referrals"
_ONE = "people/<uuid:person_id>/referrals/<uuid:referral_id>/"
urlpatterns = [
    path("people/<uuid:person_id>/referrals/choose/", views.choose, name="choose"),
    path(_ONE, views.one, name="one"),
    path(_ONE + "slip/", views.slip, name="slip"),
    path(_ONE + "undo/", views.undo, name="undo"),
]

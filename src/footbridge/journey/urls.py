"""Every address of the journey, room by room."""

from django.urls import include, path

urlpatterns = [
    path("", include("footbridge.journey.desk.urls")),
    path("", include("footbridge.journey.people.urls")),
    path("", include("footbridge.journey.consents.urls")),
    path("", include("footbridge.journey.assessments.exchange.urls")),
    path("", include("footbridge.journey.assessments.urls")),
    path("", include("footbridge.journey.plans.urls")),
    path("", include("footbridge.journey.services.urls")),
    path("", include("footbridge.journey.referrals.urls")),
    path("", include("footbridge.journey.checkups.urls")),
    path("", include("footbridge.journey.stays.urls")),
    path("", include("footbridge.journey.outcomes.urls")),
    path("", include("footbridge.journey.reminders.urls")),
    path("coordination/", include("footbridge.journey.coordination.urls")),
]

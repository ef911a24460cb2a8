"""Addresses of the officers' work; everybody else gets 404 for all of them."""

from django.urls import path

from inspection import views

app_name = "inspection"

_REVIEW = "<slug:authority>/<slug:reference>/"

urlpatterns = [
    path("", views.queue, name="queue"),
    path(_REVIEW, views.review, name="review"),
    path(f"{_REVIEW}decide/", views.decide, name="decide"),
    path(f"{_REVIEW}take/", views.take, name="take"),
    path(f"{_REVIEW}take-over/", views.take_over, name="take_over"),
    path(f"{_REVIEW}give-back/", views.give_back, name="give_back"),
    path(f"{_REVIEW}papers/<int:number>/", views.paper, name="paper"),
]

"""Addresses of the officers' work; everybody else gets 404 for all of them."""

from django.urls import path

from inspection import views

app_name = "inspection"

_REVIEW = "<slug:authority>/<slug:reference>/"
_DRAFT = "packs/<slug:reference>/"

urlpatterns = [
    path("", views.queue, name="queue"),
    # Before the reviews: "packs" is no authority.
    path("packs/", views.packs, name="packs"),
    path(_DRAFT, views.pack_draft, name="pack_draft"),
    path(f"{_DRAFT}propose/", views.pack_propose, name="pack_propose"),
    path(f"{_DRAFT}publish/", views.pack_publish, name="pack_publish"),
    path(f"{_DRAFT}send-back/", views.pack_send_back, name="pack_send_back"),
    path(f"{_DRAFT}withdraw/", views.pack_withdraw, name="pack_withdraw"),
    path(f"{_DRAFT}rates/", views.pack_rates, name="pack_rates"),
    path(f"{_DRAFT}rates/add/", views.pack_rate_add, name="pack_rate_add"),
    path(f"{_DRAFT}rates/<int:line>/", views.pack_rate, name="pack_rate"),
    path(f"{_DRAFT}parameters/", views.pack_parameters, name="pack_parameters"),
    path(f"{_DRAFT}parameters/add/", views.pack_parameter_add, name="pack_parameter_add"),
    path(f"{_DRAFT}parameters/<int:line>/", views.pack_parameter, name="pack_parameter"),
    path(f"{_DRAFT}files/<str:name>/", views.pack_file, name="pack_file"),
    path(_REVIEW, views.review, name="review"),
    path(f"{_REVIEW}decide/", views.decide, name="decide"),
    path(f"{_REVIEW}buyers-number/", views.show_number, name="show_number"),
    path(f"{_REVIEW}take/", views.take, name="take"),
    path(f"{_REVIEW}take-over/", views.take_over, name="take_over"),
    path(f"{_REVIEW}give-back/", views.give_back, name="give_back"),
    path(f"{_REVIEW}papers/<int:number>/", views.paper, name="paper"),
]

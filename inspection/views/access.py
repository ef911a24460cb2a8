"""Whom a page is for: a review of the officer's own authority, the law for those who write it, or nothing."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from declarations.looks import note_officer
from inspection.models import Review
from swindow.accounts.models import User, authorities_of
from tariffs.lifecycle import may_draft
from tariffs.models import PackDraft


def officer_of(request: HttpRequest) -> tuple[User, frozenset[str]]:
    """Return the officer and the officer's authorities; 404 for anybody else."""
    authorities = authorities_of(request.user)
    if not authorities or not isinstance(request.user, User):
        raise Http404
    return request.user, authorities


def lawmaker_of(request: HttpRequest) -> User:
    """Return the officer who may write law; 404 for anybody else."""
    if not isinstance(request.user, User) or not may_draft(request.user):
        raise Http404
    return request.user


def draft_of(request: HttpRequest, *, reference: str) -> tuple[PackDraft, User]:
    """Return one draft of the law and its reader; 404 for whoever may not write law."""
    officer = lawmaker_of(request)
    people = ("author", "proposed_by", "published_by", "withdrawn_by")
    drafts = PackDraft.objects.select_related("based_on", *people)
    draft: PackDraft = get_object_or_404(drafts, reference=reference)
    return draft, officer


def review_of(request: HttpRequest, *, authority: str, reference: str) -> tuple[Review, User]:
    """Return one review and its reader; 404 when it is another authority's."""
    if not isinstance(request.user, User):
        raise Http404
    reviews = Review.objects.for_actor(request.user).select_related(
        "declaration__declarant",
        "declaration__consignment",
        "declaration__representative",
        "officer",
    )
    review: Review = get_object_or_404(reviews, authority=authority, declaration__reference=reference)
    note_officer(request.user, review.declaration, authority=authority)
    return review, request.user

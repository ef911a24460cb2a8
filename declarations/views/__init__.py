"""The seller's pages: fetch for the actor, form, one lifecycle call, answer."""

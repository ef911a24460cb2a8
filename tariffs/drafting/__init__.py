"""Drafts of packs as text: edits by row, what is wrong, what differs, what it would do; no database."""

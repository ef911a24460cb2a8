"""Mails about accounts, each in its reader's language."""

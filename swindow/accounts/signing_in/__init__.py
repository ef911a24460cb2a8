"""Signing in: counted tries, the second factor, how long a session lives; allauth does the rest."""

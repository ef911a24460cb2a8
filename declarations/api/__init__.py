"""The API for sellers' and agents' machines: the same verbs as the pages."""

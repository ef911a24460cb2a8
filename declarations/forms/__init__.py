"""The seller's forms, one file a section."""

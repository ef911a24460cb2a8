"""What comes in and what goes out, one serializer each."""

"""What every request costs beside its own queries."""

# It says for whom it asks (swindow.acting), and a test's connection becomes the portal again.
WHO_ASKS = 2

"""Scripts that read untrusted bytes in a process of their own; they import nothing of the portal."""

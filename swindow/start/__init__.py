"""One command from a fresh checkout to a running portal: install, prepare, supervise, show."""

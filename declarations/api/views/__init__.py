"""The operations: fetch by `for_actor`, parse, one lifecycle call, answer."""

"""The sample: two real orders, their papers, and the program that files them over the public API."""

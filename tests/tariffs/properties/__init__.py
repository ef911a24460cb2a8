"""What holds for every consignment under every pack, searched by Hypothesis and in golden cases."""

"""Selection of lists for an officer's eye: a list and the operator's criteria in, orders out."""

"""Row rules: what they are, how they follow from the catalogue, their bits, their conditions."""

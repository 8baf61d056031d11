"""The standards library: what a single value must look like, standard by standard."""

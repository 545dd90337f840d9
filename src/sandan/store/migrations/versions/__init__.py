"""One file a revision; each runs the SQL of its number."""

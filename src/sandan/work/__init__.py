"""Runs what is due: claims ready documents, has them decided, applies the batch, delivers the answers."""

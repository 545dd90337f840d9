"""The papers of a parcel as frozen facts: decoded messages in, business keys and versions out."""

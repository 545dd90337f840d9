"""Python client: build, sign, send and follow a parcel."""

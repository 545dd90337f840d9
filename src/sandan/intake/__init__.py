"""The one door: bytes of any channel in, durable rows and an acknowledgement out."""

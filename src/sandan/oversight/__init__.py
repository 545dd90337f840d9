"""Oversight (稽核监管): what customs asks of the parties beside the parcel, and how their answers are judged."""

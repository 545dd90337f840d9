"""The order of the schema's changes, hand-written SQL run by alembic."""

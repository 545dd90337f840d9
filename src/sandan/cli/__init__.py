"""The ``sandan`` command."""

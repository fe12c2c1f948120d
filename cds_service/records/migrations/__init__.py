"""The schema's history, by Alembic: one module a step in ``versions``, applied in their order and never changed."""

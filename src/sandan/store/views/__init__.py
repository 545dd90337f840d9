"""What pages and searches read: a connection, a scope and a question in, frozen rows out; nothing is ever written.

Times come back aware, amounts in the unit of their column. Each question is one or a few indexed statements.
"""

from __future__ import annotations

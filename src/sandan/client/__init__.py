"""Python client: build papers, sign them, try them, send them, follow them until their final receipt.

``Client`` speaks to one platform for one enterprise; ``AsyncClient`` does the same with ``await``. ``Sender`` puts
papers into signed messages.
"""

from sandan.client.async_client import AsyncClient
from sandan.client.client import Client
from sandan.client.errors import SandanError
from sandan.client.facts import Patience
from sandan.client.papers import again
from sandan.client.papers import deleted
from sandan.client.papers import new_guid
from sandan.client.papers import new_head
from sandan.client.sender import Sender

__all__ = [
    "AsyncClient",
    "Client",
    "Patience",
    "SandanError",
    "Sender",
    "again",
    "deleted",
    "new_guid",
    "new_head",
]

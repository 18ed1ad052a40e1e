"""Generations: complete, immutable indexes, each in a folder of its own, one of them current; see `home`."""

from index.generations.home import (
    GenerationStatus,
    current_folder,
    current_id,
    generation_status,
    generations_folder,
)
from index.generations.manifest import REBUILD, Manifest, read_manifest
from index.generations.publishing import building, new_id, prune, publish

__all__ = [
    "REBUILD",
    "GenerationStatus",
    "Manifest",
    "building",
    "current_folder",
    "current_id",
    "generation_status",
    "generations_folder",
    "new_id",
    "prune",
    "publish",
    "read_manifest",
]

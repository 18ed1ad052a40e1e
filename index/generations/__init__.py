"""Generations: complete, immutable indexes, each in a folder of its own, one of them current; see `home`."""

from index.generations.home import (
    GenerationStatus,
    current_folder,
    current_id,
    generation_status,
    generations_folder,
)
from index.generations.manifest import REBUILD, Manifest, library_versions, read_manifest
from index.generations.publishing import building, holding, new_id, publish
from index.generations.recovery import base_folder
from index.generations.retention import Pruned, Retention, current_is_sound, prune

__all__ = [
    "REBUILD",
    "GenerationStatus",
    "Manifest",
    "Pruned",
    "Retention",
    "base_folder",
    "building",
    "current_folder",
    "current_id",
    "current_is_sound",
    "generation_status",
    "generations_folder",
    "holding",
    "library_versions",
    "new_id",
    "prune",
    "publish",
    "read_manifest",
]

"""The compiled code: 512 sites at a time, kept on disk.

``search`` teaches the idea with a drawing; ``twin`` is the obvious way each kernel is held against; ``cache`` keeps
what was compiled. Nothing here knows of genomes, people or files.
"""

__all__: list[str] = []

"""The folder that an off-target nomination becomes: tables, VCF, report and the summary of a terminal."""

__all__: list[str] = []

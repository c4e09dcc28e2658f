"""What a template is given: a plan turned into words, drawings and tables, one module for each part of the report."""

__all__: list[str] = []

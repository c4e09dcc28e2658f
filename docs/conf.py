"""How the documentation is built: ``sphinx-build -W -b html docs <folder>``. Nothing is fetched."""

from __future__ import annotations

import revertant

project = "Revertant"
author = "The Revertant developers"
project_copyright = "The Revertant developers"
version = release = revertant.__version__

extensions = ["myst_parser", "numpydoc", "sphinx.ext.autodoc"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "groupwise"
autodoc_typehints_format = "short"
# One parameter a line where a signature is longer than a line of code.
python_maximum_signature_line_length = 90
# What a docstring points to must be in the reference. Types in signatures are left out: the standard
# library's own pages are not fetched.
nitpicky = True
nitpick_ignore_regex = [("py:class", ".*")]
# The docstrings say what each parameter is; lists of members would repeat the page.
numpydoc_show_class_members = False

html_theme = "pydata_sphinx_theme"
html_title = "Revertant"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_theme_options = {
    "show_prev_next": False,
    "navigation_with_keys": False,
    "header_links_before_dropdown": 7,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
}
html_sidebars = {"index": []}

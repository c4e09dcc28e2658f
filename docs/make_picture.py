"""Take the picture of the README: the sickle-cell demo's report in headless Chromium (python docs/make_picture.py)."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from revertant.cli import main

PICTURE = Path(__file__).parent / "images" / "report.png"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def take(width: int = 1280, height: int = 1130) -> None:
    """Run the demo and photograph the top of its report."""
    browser = next((found for found in map(shutil.which, BROWSERS) if found), None)
    if browser is None:
        sys.exit(f"None of {', '.join(BROWSERS)} is installed.")
    with tempfile.TemporaryDirectory() as folder:
        main(["demo", "--out", f"{folder}/demo", "--quiet"])
        PICTURE.parent.mkdir(exist_ok=True)
        flags = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--no-first-run",
            "--disable-background-networking",
            f"--user-data-dir={folder}/profile",
            f"--window-size={width},{height}",
            f"--screenshot={PICTURE}",
        ]
        subprocess.run(
            [browser, *flags, f"file://{folder}/demo/report.html"], check=True, capture_output=True
        )


if __name__ == "__main__":
    take()

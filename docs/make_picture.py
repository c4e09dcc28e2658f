"""Take the pictures of the documentation in headless Chromium (python docs/make_picture.py).

The sickle-cell demo's report, and the nomination that the guide to off-targets shows.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from importlib.resources import as_file, files
from pathlib import Path

from revertant.cli import main

IMAGES = Path(__file__).parent / "images"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
GUIDES = "name\tspacer\nBCL11A +58\tCTAACAGTTGCTTTTATCAC\nHBB codon 6\tCTTGCCCCACAGGGCAGTAA\n"


def take(page: Path, picture: Path, width: int = 1280, height: int = 1130) -> None:
    """Photograph the top of a page."""
    browser = next((found for found in map(shutil.which, BROWSERS) if found), None)
    if browser is None:
        sys.exit(f"None of {', '.join(BROWSERS)} is installed.")
    picture.parent.mkdir(exist_ok=True)
    flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--no-first-run",
        "--disable-background-networking",
        f"--user-data-dir={page.parent.parent / 'profile'}",
        f"--window-size={width},{height}",
        f"--screenshot={picture}",
    ]
    subprocess.run([browser, *flags, f"file://{page}"], check=True, capture_output=True)


def take_all() -> None:
    """Run the demo and a nomination, and photograph their reports."""
    with tempfile.TemporaryDirectory() as place, as_file(files("revertant.cli") / "demo_data") as data:
        folder = Path(place)
        main(["demo", "--out", f"{folder}/demo", "--quiet"])
        take(folder / "demo" / "report.html", IMAGES / "report.png")
        (folder / "guides.tsv").write_text(GUIDES, encoding="utf-8")
        call = ["offtargets", f"{folder}/guides.tsv", "--reference", f"{data}/loci.GRCh38.fa", "-m", "8"]
        call += ["--models", f"{data}/HBB.GRCh38.gtf", "--vcf", f"{data}/rs713040.vcf", "--amplicons", "4"]
        main([*call, "--out", f"{folder}/found", "--quiet"])
        take(folder / "found" / "report.html", IMAGES / "offtargets.png", height=1200)


if __name__ == "__main__":
    take_all()

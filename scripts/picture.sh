#!/usr/bin/env bash
# Page one of a runbook as docs/images/runbook-first-page.png: 90 dots an inch, 64 colours (below 200 KB).
# usage: scripts/picture.sh [output/<plan.id>/runbook.pdf]
set -eu
cd "$(dirname "$0")/.."
pdf=${1:-output/larkspur-scribe/runbook.pdf}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
pdftoppm -r 90 -png -f 1 -l 1 -singlefile "$pdf" "$folder/page"
mkdir -p docs/images
.venv/bin/python - "$folder/page.png" docs/images/runbook-first-page.png <<'PY'
import sys

from PIL import Image

Image.open(sys.argv[1]).convert("RGB").quantize(64).save(sys.argv[2], optimize=True)
PY
ls -l docs/images/runbook-first-page.png

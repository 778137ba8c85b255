#!/usr/bin/env bash
# Make .venv with exactly what requirements.lock names, and this project in it.
# usage: scripts/setup.sh [--test]     --test adds the two programs that only the tests call
#
# Safe to run again: the second run compares a stamp and ends.
# Debian and Ubuntu: missing system packages are installed (root or sudo).
# macOS: `brew install python pango` (and `poppler qpdf` for the tests) first.
set -eu
cd "$(dirname "$0")/.."

for_tests=no
case "${1:-}" in
  "") ;;
  --test) for_tests=yes ;;
  *) echo "usage: scripts/setup.sh [--test]" >&2; exit 2 ;;
esac

venv=.venv
python=${PYTHON:-python3}
stop() { printf 'setup: %s\n' "$@" >&2; exit 1; }

command -v "$python" >/dev/null 2>&1 || stop "Python 3.11 or newer is needed; there is no '$python' here" \
  "Debian: apt-get install python3 python3-venv     macOS: brew install python"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
  || stop "Python 3.11 or newer is needed, this is $("$python" -V 2>&1); set PYTHON=/path/to/python3.11"

# ---------------------------------------------------------------- system packages
has_library() {
  "$python" - "$1" <<'PY'
import ctypes, ctypes.util, pathlib, sys

name = sys.argv[1]
if sys.platform == "darwin":
    places = ("/opt/homebrew/lib", "/usr/local/lib", "/opt/local/lib")
    stem = name.split(".so")[0]
    found = ctypes.util.find_library(stem.removeprefix("lib"))
    sys.exit(not (found or any(list(pathlib.Path(p).glob(stem + "*.dylib")) for p in places)))
try:
    ctypes.CDLL(name)
except OSError:
    sys.exit(1)
PY
}

missing=""
"$python" -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"
has_library libpango-1.0.so.0 || missing="$missing libpango-1.0-0"
has_library libpangoft2-1.0.so.0 || missing="$missing libpangoft2-1.0-0"
has_library libharfbuzz-subset.so.0 || missing="$missing libharfbuzz-subset0"
has_library libfontconfig.so.1 || missing="$missing libfontconfig1"
if [ "$for_tests" = yes ]; then
  command -v pdftotext >/dev/null 2>&1 || missing="$missing poppler-utils"
  command -v qpdf >/dev/null 2>&1 || missing="$missing qpdf"
fi

if [ -n "$missing" ]; then
  install="apt-get install -y --no-install-recommends$missing"
  if [ "$(uname)" = Darwin ]; then
    stop "missing (by their Debian names):$missing" "run: brew install python pango poppler qpdf"
  elif ! command -v apt-get >/dev/null 2>&1; then
    stop "missing (by their Debian names):$missing" "install them with this system's package manager"
  elif [ "$(id -u)" = 0 ]; then
    as_root=""
  elif command -v sudo >/dev/null 2>&1 && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    as_root="sudo"
  else
    stop "missing:$missing" "run as root: apt-get update && $install"
  fi
  echo "setup: installing$missing" >&2
  export DEBIAN_FRONTEND=noninteractive
  $as_root apt-get update -q >/dev/null || stop "apt-get update failed; missing:$missing"
  # shellcheck disable=SC2086
  $as_root $install >/dev/null || stop "could not install$missing" "run as root: apt-get update && $install"
fi

# ---------------------------------------------------------------- Python packages
# What the environment depends on: the lock, the project's own settings, this Python, this folder.
key=$("$python" - <<'PY'
import hashlib, pathlib, sys

parts = [pathlib.Path(p).read_bytes() for p in ("requirements.lock", "pyproject.toml", "generator/__init__.py")]
parts += [sys.version.encode(), str(pathlib.Path.cwd()).encode()]
print(hashlib.sha256(b"\0".join(parts)).hexdigest())
PY
)
stamp=$venv/.airplan-setup
if [ -x $venv/bin/airplan ] && [ "$(cat $stamp 2>/dev/null)" = "$key" ] && $venv/bin/python -c '' 2>/dev/null; then
  exit 0
fi

wanted=$("$python" -c 'import sys; print(*sys.version_info[:2])')
if [ "$($venv/bin/python -c 'import sys; print(*sys.version_info[:2])' 2>/dev/null)" != "$wanted" ]; then
  "$python" -m venv --clear $venv
elif ! $venv/bin/python -m pip --version >/dev/null 2>&1; then
  $venv/bin/python -m ensurepip >/dev/null
fi
rm -f $stamp

echo "setup: installing Python packages from requirements.lock (a minute or two the first time)" >&2
export PIP_DISABLE_PIP_VERSION_CHECK=1
pip="$venv/bin/python -m pip install --quiet"
# readability has no wheel: the locked setuptools builds its hashed source.
$pip --require-hashes --only-binary :all: -r <(awk '/^[a-z]/ {source = /^readability==/} !source' requirements.lock)
$pip --require-hashes --no-deps --no-build-isolation --use-pep517 \
  -r <(awk '/^[a-z]/ {source = /^readability==/} source' requirements.lock)
# The build backend is in the lock, so this step asks no registry.
$pip --no-deps --no-build-isolation --no-index -e .
printf '%s\n' "$key" >$stamp

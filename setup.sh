#!/usr/bin/env bash
# Makes the environment $1 from the lock, with the Python named in $2 or the first one that will do.
set -euo pipefail
venv=$1
chosen=${2:-}

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

if [ -z "$chosen" ]; then
    for candidate in python3 python3.12 python3.11 python3.13; do
        if new_enough "$candidate"; then
            chosen=$candidate
            break
        fi
    done
fi
if [ -z "$chosen" ] || ! new_enough "$chosen"; then
    echo "Python 3.11 or newer is needed; found ${chosen:-none}. Name one with: make PYTHON=/path/to/python3" >&2
    exit 1
fi
if ! "$chosen" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "$chosen has no venv module. On Debian and Ubuntu: apt-get install python3-venv" >&2
    exit 1
fi

echo "Setting up $venv with $("$chosen" --version) (once)"
rm -rf "$venv"
"$chosen" -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.lock
"$venv/bin/uv" pip install --quiet --compile-bytecode --python "$venv/bin/python" --require-hashes -r requirements-dev.lock
"$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation -e .
touch "$venv/.ready"

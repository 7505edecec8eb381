#!/bin/sh
# Makes everything the program needs on this machine: .venv, the hashed requirements, system packages.
# Usage: tools/prepare.sh run|dev|faults     Does nothing, quickly, when all is there.
set -eu
cd "$(dirname "$0")/.."
kind=${1:-run}
with_office=no
[ "$kind" = faults ] && kind=dev && with_office=yes
requirements=requirements.txt
[ "$kind" = dev ] && requirements=requirements-dev.txt

say() { printf '%s\n' "$*" >&2; }

stop() { say ""; say "$*"; exit 1; }

# Installs Debian packages as root, or with a sudo that asks nothing. Fails quietly when it may not.
install_packages() {
    command -v apt-get >/dev/null 2>&1 || return 1
    as_root=""
    if [ "$(id -u)" -ne 0 ]; then
        sudo -n true 2>/dev/null || return 1
        as_root="sudo -n"
    fi
    say "Installing $*"
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >&2 && return 0
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q >&2 || return 1
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >&2
}

new_enough() {
    command -v "$1" >/dev/null 2>&1 && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

# The distribution's Python first: a hand-built one without optimisations is a fifth slower.
find_python() {
    for candidate in /usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11; do
        if new_enough "$candidate"; then
            printf '%s' "$candidate"
            return 0
        fi
    done
    return 1
}

make_venv() {
    python=$(find_python) || stop "Python 3.11 or later is needed (ต้องใช้ Python 3.11 ขึ้นไป): install it, then start again."
    if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        install_packages python3-venv || stop \
            "$python cannot make virtual environments: install the package python3-venv, then start again."
    fi
    say "Making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv || stop "$python could not make .venv; the lines above say why."
}

fingerprint() {
    .venv/bin/python -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$1"
}

install_requirements() {
    stamp=.venv/installed-$requirements
    now=$(fingerprint "$requirements")
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$now" ] && return 0
    say "Installing the packages of $requirements; the first time this takes a minute or two."
    .venv/bin/python -m pip install -q -q --disable-pip-version-check --no-input --require-hashes \
        -r "$requirements" || stop "The packages of $requirements could not be installed; the lines above say why." \
        "Check the network, or name your own package index in pip's configuration, then start again."
    printf '%s\n' "$now" >"$stamp"
    # the development packages hold those of the program too
    [ "$kind" = dev ] && fingerprint requirements.txt >.venv/installed-requirements.txt
    return 0
}

has_library() {
    { ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null; } | grep -q "$1"
}

missing_libraries() {
    for pair in libpango-1.0.so.0:libpango-1.0-0 libpangoft2-1.0.so.0:libpangoft2-1.0-0 \
        libharfbuzz-subset.so.0:libharfbuzz-subset0 libthai.so.0:libthai0; do
        has_library "${pair%%:*}" || printf '%s ' "${pair##*:}"
    done
}

install_system_packages() {
    [ "$(uname -s)" = Linux ] || return 0
    missing=$(missing_libraries)
    if [ "$kind" = dev ] && ! command -v chromium >/dev/null 2>&1; then
        missing="$missing chromium"
    fi
    if [ "$kind" = dev ] && ! command -v pdftotext >/dev/null 2>&1; then
        missing="$missing poppler-utils"
    fi
    if [ "$with_office" = yes ] && ! command -v soffice >/dev/null 2>&1; then
        missing="$missing libreoffice-calc"
    fi
    [ -z "${missing# }" ] && return 0
    # shellcheck disable=SC2086 -- a list of names
    install_packages $missing && return 0
    stop "These system packages are missing and could not be installed (ติดตั้งโปรแกรมเหล่านี้ก่อน): $missing" \
        "Install them as root (apt-get install $missing), then start again."
}

.venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || make_venv
install_requirements
install_system_packages
.venv/bin/python tools/compile_messages.py

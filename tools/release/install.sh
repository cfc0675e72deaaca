#!/bin/sh
# Installs baton: downloads the executable for this machine, compares its SHA-256 sum, and puts it into ~/.local/bin.
# BATON_VERSION names a version (the newest), BATON_INSTALL another folder, BATON_DOWNLOAD another place to load from.
set -eu

fail() {
  echo "install: $1" >&2
  echo "         Next: $2" >&2
  exit 1
}

repository=
folder=${BATON_INSTALL:-$HOME/.local/bin}
version=${BATON_VERSION:-latest}
if [ -z "$repository${BATON_DOWNLOAD:-}" ]; then
  fail "This script names no place to load from" "Take the one of a release, or name a place with BATON_DOWNLOAD"
fi
if [ "$version" = latest ]; then
  from=${BATON_DOWNLOAD:-$repository/releases/latest/download}
else
  from=${BATON_DOWNLOAD:-$repository/releases/download/v${version#v}}
fi

case $(uname -s) in
  Linux) system=linux ;;
  Darwin) system=darwin ;;
  *) fail "There is no baton for $(uname -s)" "On Windows, use it in WSL" ;;
esac
case $(uname -m) in
  x86_64 | amd64) processor=x64 ;;
  aarch64 | arm64) processor=arm64 ;;
  *) fail "There is no baton for $(uname -m)" "Run it with Deno: deno install -gA -n baton jsr:@baton/baton/cli" ;;
esac
libc=
if [ "$system" = linux ] && ! getconf GNU_LIBC_VERSION >/dev/null 2>&1; then libc=-musl; fi
file=baton-$system-$processor$libc.gz

if command -v curl >/dev/null; then
  load() { curl -fsSL --proto '=https,http,file' "$1" -o "$2"; }
elif command -v wget >/dev/null; then
  load() { wget -q "$1" -O "$2"; }
else
  fail "There is neither curl nor wget" "Install one of them"
fi
if command -v sha256sum >/dev/null; then
  sum() { sha256sum "$1"; }
else
  sum() { shasum -a 256 "$1"; }
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
load "$from/SHA256SUMS" "$work/sums" || fail "Cannot load $from/SHA256SUMS" "Look whether there is such a release"
load "$from/$file" "$work/$file" || fail "Cannot load $from/$file" "Look whether there is such a release"
wanted=$(sed -n "s/  $file\$//p" "$work/sums")
found=$(sum "$work/$file" | cut -d ' ' -f 1)
[ "$wanted" = "$found" ] ||
  fail "$file has another sum than SHA256SUMS says: \"$found\", not \"$wanted\"" "Try again, and tell of it if it stays so"

mkdir -p "$folder"
gunzip -c "$work/$file" >"$folder/.baton.new"
chmod 755 "$folder/.baton.new"
if ! installed=$("$folder/.baton.new" --version 2>"$work/said"); then
  rm "$folder/.baton.new"
  head -n 1 "$work/said" >&2
  next="Look at what it says, or run it with Deno: deno install -gA -n baton jsr:@baton/baton/cli"
  if [ -n "$libc" ]; then next="Install libstdc++ (apk add libstdc++), and musl 1.2.5 or newer"; fi
  fail "$file does not run here" "$next"
fi
mv "$folder/.baton.new" "$folder/baton"
echo "Installed $installed as $folder/baton"
case :$PATH: in
  *:"$folder":*) ;;
  *) echo "Next: Put $folder on PATH, say by this line in ~/.profile: export PATH=\"$folder:\$PATH\"" ;;
esac

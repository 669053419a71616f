#!/usr/bin/env bash
# Puts the signed bundle into a disk image, beside a way to Applications: dmg.sh Belay.app OUT.dmg
set -euo pipefail
app=$1 out=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -R "$app" "$folder/"
ln -s /Applications "$folder/Applications"
hdiutil create -volname Belay -srcfolder "$folder" -ov -format UDZO -fs HFS+ "$out"

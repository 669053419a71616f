#!/usr/bin/env bash
# Makes an AppImage of the frozen folder: appimage.sh FROZEN_FOLDER RUNTIME OUT
# RUNTIME is the AppImage runtime for this architecture. It is nothing that can be built here: the release job fetches
# it and checks its hash (release.yml).
set -euo pipefail
frozen=$1 runtime=$2 out=$3
here=$(cd "$(dirname "$0")" && pwd)
id=io.github.belay_chat.Belay
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/usr/lib" "$tree/usr/share/metainfo"
cp -a "$frozen" "$tree/usr/lib/belay-chat"
cp "$here/$id.desktop" "$tree/"
epoch=${SOURCE_DATE_EPOCH:?}
version=$("$frozen/belay-chat" --version) day=$(date --utc --date "@$epoch" +%F)
sed -e "s/@VERSION@/${version#* }/" -e "s/@DATE@/$day/" "$here/$id.metainfo.xml" \
  > "$tree/usr/share/metainfo/$id.metainfo.xml"
cp "$here/../../resources/icons/belay.svg" "$tree/$id.svg"
ln -s "$id.svg" "$tree/.DirIcon"
cat > "$tree/AppRun" <<'RUN'
#!/bin/sh
exec "$(dirname "$(readlink -f "$0")")/usr/lib/belay-chat/belay-chat" "$@"
RUN
chmod 755 "$tree/AppRun"
chmod -R u=rwX,go=rX "$tree"  # whatever the umask here: it is mounted for somebody else
unset SOURCE_DATE_EPOCH  # mksquashfs takes one or the other
mksquashfs "$tree" "$tree.squashfs" -root-owned -noappend -quiet -no-progress -comp zstd -mkfs-time "$epoch" -all-time "$epoch"
cat "$runtime" "$tree.squashfs" > "$out"
rm -f "$tree.squashfs"
chmod 755 "$out"

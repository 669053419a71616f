#!/usr/bin/env bash
# Signs the bundle from the inside out: sign.sh Belay.app IDENTITY
set -euo pipefail
app=$1 identity=$2
here=$(cd "$(dirname "$0")" && pwd)
sign() { codesign --force --timestamp --options runtime --sign "$identity" "$@"; }
find "$app/Contents" -type f \( -name '*.dylib' -o -name '*.so' \) -print0 | while IFS= read -r -d '' file; do
  sign "$file"
done
find "$app/Contents" -type d -name '*.framework' -print0 | while IFS= read -r -d '' framework; do
  sign "$framework"
done
sign --entitlements "$here/entitlements.plist" "$app/Contents/MacOS/belay-chat"
sign --entitlements "$here/entitlements.plist" "$app"
codesign --verify --deep --strict --verbose=2 "$app"

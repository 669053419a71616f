#!/usr/bin/env bash
# Has Apple look at a file and staples its answer to it: notarize.sh FILE.dmg
# Wants APPLE_ID, APPLE_TEAM_ID and APPLE_APP_PASSWORD in the environment.
set -euo pipefail
file=$1
xcrun notarytool submit "$file" --apple-id "${APPLE_ID:?}" --team-id "${APPLE_TEAM_ID:?}" \
  --password "${APPLE_APP_PASSWORD:?}" --wait
xcrun stapler staple "$file"
spctl --assess --type open --context context:primary-signature --verbose "$file"

#!/usr/bin/env bash
# Proves a .deb on a fresh minimal Debian 12: test_deb.sh FILE.deb [OLDER.deb] [SCREENSHOT.png]
#
# As root, in a chroot made by debootstrap: installs it with nothing but what it depends on, runs --self-test as an
# ordinary user, opens the real window on a host X server and takes a picture, upgrades over an older version with
# data, purges, and looks that only the user's data are left. Also starts without what a window needs, and wants one
# clear sentence, exit 3 and no core.
set -euo pipefail
ulimit -c unlimited
deb=$(realpath "$1") older=${2:-} picture=${3:-}
suite=${SUITE:-bookworm}
root=$(mktemp -d)/chroot
display=:87
say() { printf '== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
# In a folder where a core would appear.
as_user() { chroot --userspec=1000:1000 "$root" env -i -C /home/sailor PATH=/usr/bin:/bin HOME=/home/sailor LANG=C.UTF-8 "$@"; }
no_core() { ! find "$root/home" "$root/tmp" -name 'core*' | grep . || fail "a core"; }
# sentence WORD COMMAND…: it ends with exit 3 and a sentence that has WORD in it, and leaves no core.
sentence() {
  local word=$1 code=0 words
  words=$(as_user "${@:2}" 2>&1) || code=$?
  [ "$code" = 3 ] || fail "exit $code: $words"
  grep -q "$word" <<<"$words" || fail "no word of $word: $words"
  no_core
  printf '   %s\n' "$words"
}
cleanup() {
  [ -z "${window:-}" ] || kill -KILL "$window" 2>/dev/null || true
  [ -z "${xvfb:-}" ] || kill "$xvfb" 2>/dev/null || true
  for place in tmp/.X11-unix dev/shm proc; do umount "$root/$place" 2>/dev/null || true; done
  rm -rf "$(dirname "$root")"
}
trap cleanup EXIT

say "a fresh $suite"
debootstrap --variant=minbase "$suite" "$root" ${MIRROR:+"$MIRROR"} >/dev/null
# The host's mirror and proxy, if the host is of the same suite.
for file in $(grep -q "^VERSION_CODENAME=$suite$" /etc/os-release && echo /etc/apt/sources.list) /etc/apt/apt.conf.d; do [ ! -e "$file" ] || cp -a "$file" "$root/etc/apt/"; done
cp /etc/resolv.conf "$root/etc/resolv.conf"
mount -t proc proc "$root/proc"
mkdir -p "$root/dev/shm" && mount -t tmpfs tmpfs "$root/dev/shm"
inside useradd --create-home --uid 1000 sailor
inside apt-get update -qq

if [ -n "$older" ]; then
  say "an older version, with data"
  cp "$older" "$root/srv/older.deb"
  inside apt-get install -y -qq --no-install-recommends /srv/older.deb >/dev/null
fi
mkdir -p "$root/home/sailor/.local/share/belay-chat" && echo kept > "$root/home/sailor/.local/share/belay-chat/witness"
chown -R 1000:1000 "$root/home/sailor/.local"

say "install"
cp "$deb" "$root/srv/belay.deb"
inside apt-get install -y -qq --no-install-recommends /srv/belay.deb >/dev/null
# shellcheck disable=SC2016  # dpkg-query reads it
say "$(as_user belay-chat --version), $(inside dpkg-query -W -f '${Installed-Size}' belay-chat) KB installed"
[ ! -e "$root/usr/lib/belay-chat/_internal/of-an-older-version" ] || fail "a file of the older version is left"

say "self-test as an ordinary user"
checks=$(as_user belay-chat --self-test) || fail "the self-test: $checks"
printf '%s\n' "$checks"
grep -q '"state": "missing"' <<<"$checks" || fail "without D-Bus the keyring is missing"

say "without a display it runs the self-test and says so"
words=$(as_user belay-chat 2>&1 >/dev/null) || fail "exit $?: $words"
grep -q "There is no display" <<<"$words" || fail "no word about the display: $words"

say "with a display that does not answer: a sentence, exit 3, no core"
sentence "does not answer" env DISPLAY=:99 belay-chat

say "without libxcb-cursor0: a sentence with the command, exit 3, no core"
mv "$root"/usr/lib/*/libxcb-cursor.so.0* "$root/srv/"
sentence "apt install libxcb-cursor0" env DISPLAY=$display belay-chat
library_folder=$(dirname "$(find "$root/usr/lib" -name 'libxcb-icccm.so.4' | head -1)")
mv "$root"/srv/libxcb-cursor.so.0* "$library_folder/"

say "the window, on a host X server, without D-Bus"
# -noreset: a bare X server begins anew when its last client goes, and turns away who comes in that moment.
Xvfb $display -screen 0 1280x900x24 -nolisten tcp -noreset >/dev/null 2>&1 & xvfb=$!
for _ in $(seq 100); do [ -S /tmp/.X11-unix/X${display#:} ] && break; sleep 0.05; done
mkdir -p "$root/tmp/.X11-unix" && mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
# Not through as_user: the signal is for the program, not for a shell around it.
chroot --userspec=1000:1000 "$root" env -i PATH=/usr/bin:/bin HOME=/home/sailor LANG=C.UTF-8 DISPLAY=$display \
  belay-chat >"$root/srv/window.log" 2>&1 & window=$!
for _ in $(seq 200); do
  id=$(DISPLAY=$display xdotool search --onlyvisible --name '^Belay$' 2>/dev/null | head -1 || true)
  [ -n "$id" ] && break
  kill -0 "$window" 2>/dev/null || fail "the window ended: $(cat "$root/srv/window.log")"
  sleep 0.1
done
[ -n "${id:-}" ] || fail "no window"
sleep 4
[ -z "$picture" ] || DISPLAY=$display xwd -silent -root -out "$picture.xwd"
kill -TERM "$window"
wait "$window" || fail "exit $? after SIGTERM: $(cat "$root/srv/window.log")"
window=

say "a home that can't be written: a sentence, exit 3"
mkdir -m 555 "$root/home/locked"
# Offscreen: with a window system it would say so in a dialog too, and wait for its reader.
sentence "belay-chat" env QT_QPA_PLATFORM=offscreen HOME=/home/locked belay-chat
sentence "belay-chat" env QT_QPA_PLATFORM=offscreen BELAY_DATA_DIR=/home/locked/belay-chat belay-chat
rmdir "$root/home/locked"

say "purge"
inside apt-get purge -y -qq belay-chat >/dev/null
left=$(cd "$root" && find usr etc var/lib -path '*belay*' ! -path '*dpkg*' | head)
[ -z "$left" ] || fail "left behind: $left"
[ "$(cat "$root/home/sailor/.local/share/belay-chat/witness")" = kept ] || fail "the user's data"
say passed

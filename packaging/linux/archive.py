"""The program in a compressed archive, for those who install nothing."""

import io
import shutil
import subprocess
import tarfile
from pathlib import Path

from linux.tree import NAME, Release


def build_archive(frozen: Path, out: Path, release: Release, edition: str) -> Path:
    """Write a .tar.zst into `out`, byte for byte the same for the same input. Wants zstd."""
    suffix = "" if edition == "full" else f"-{edition}"
    file = out / f"{NAME}{suffix}-{release.version}-linux-x86_64.tar.zst"
    folder = f"{NAME}-{release.version}"
    command = [shutil.which("zstd") or "zstd", "-19", "-T0", "--quiet", "--force", "-o", str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as compressor:
        assert compressor.stdin is not None
        with tarfile.open(fileobj=compressor.stdin, mode="w|", format=tarfile.PAX_FORMAT) as archive:
            for path in sorted(frozen.rglob("*")):
                archive_one(archive, path, f"{folder}/{path.relative_to(frozen)}", release)
    if compressor.returncode:
        raise subprocess.CalledProcessError(compressor.returncode, command)
    return file


def archive_one(archive: tarfile.TarFile, path: Path, name: str, release: Release) -> None:
    """Add a file as nobody's, with the release's time."""
    entry = archive.gettarinfo(path, name)
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    entry.mtime = release.epoch_s
    entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
    content = path.read_bytes() if entry.isreg() else b""
    archive.addfile(entry, io.BytesIO(content) if entry.isreg() else None)

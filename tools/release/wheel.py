"""Writes a wheel that carries one executable: wheel.py EXECUTABLE VERSION TAG README FOLDER."""

import base64
import hashlib
import pathlib
import sys
import zipfile

executable, version, tag, readme, folder = sys.argv[1:]
name = "baton_cli"
info = f"{name}-{version}.dist-info"
metadata = f"""\
Metadata-Version: 2.1
Name: baton-cli
Version: {version}
Summary: Hand a running program over to its next version without losing what it knows
License: MIT
Requires-Python: >=3.7
Description-Content-Type: text/markdown

{pathlib.Path(readme).read_text()}"""
files = {
    f"{name}-{version}.data/scripts/baton": pathlib.Path(executable).read_bytes(),
    f"{info}/METADATA": metadata.encode(),
    f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: baton\nRoot-Is-Purelib: false\nTag: {tag}\n".encode(),
}
record = f"{info}/RECORD"
lines = []
target = pathlib.Path(folder) / f"{name}-{version}-{tag}.whl"
with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as wheel:
    for path, content in files.items():
        entry = zipfile.ZipInfo(path)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = (0o100755 if "/scripts/" in path else 0o100644) << 16
        wheel.writestr(entry, content)
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{path},sha256={digest},{len(content)}\n")
    wheel.writestr(record, "".join(lines) + f"{record},,\n")

# Writes compile_commands.json for the C++ and assembler files below a directory: database.py DIR COMPILER FLAGS...
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import json
import pathlib
import sys

folder, command = pathlib.Path(sys.argv[1]), sys.argv[2:]
entries = [
    {
        "directory": str(folder),
        "file": str(file.relative_to(folder)),
        "arguments": [*command, "-c", str(file.relative_to(folder)), "-o", file.stem + ".o"],
    }
    for file in sorted([*folder.rglob("*.cpp"), *folder.rglob("*.S")])
]
(folder / "compile_commands.json").write_text(json.dumps(entries))

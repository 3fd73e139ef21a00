# Writes compile_commands.json for the C++ files of a directory: database.py DIR COMPILER FLAGS...
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import json
import pathlib
import sys

folder, command = pathlib.Path(sys.argv[1]), sys.argv[2:]
entries = [
    {
        "directory": str(folder),
        "file": file.name,
        "arguments": [*command, "-c", file.name, "-o", file.stem + ".o"],
    }
    for file in sorted(folder.glob("*.cpp"))
]
(folder / "compile_commands.json").write_text(json.dumps(entries))

# Writes COUNT files of FUNCTIONS functions and their compile_commands.json, as large.py DIR COUNT FUNCTIONS.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import json
import pathlib
import sys

folder, count, functions = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
text = "".join(f"void named{number}() {{}}\n" for number in range(functions))
files = [folder / f"unit{number}.cpp" for number in range(count)]
for file in files:
    file.write_text(text)
commands = [
    {"directory": str(folder), "file": file.name, "arguments": ["c++", "-c", file.name]}
    for file in files
]
(folder / "compile_commands.json").write_text(json.dumps(commands))

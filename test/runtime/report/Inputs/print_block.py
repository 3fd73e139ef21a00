# Prints the first fenced block in a language of a document.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import re
import sys

path, language = sys.argv[1:]
with open(path, encoding="utf-8") as file:
    print(re.search(rf"^```{language}\n(.*?)^```", file.read(), re.S | re.M).group(1), end="")

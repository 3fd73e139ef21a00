# How findings come about, as pictures whose steps have places, for an editor to show beside the text.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
from client import Server
from project import CLEAN, LEAK, Project, arguments

folder, root, command = arguments()
project = Project(folder, root)
server = Server(command, project.folder)


def witnesses(name):
    return server.request("sluice/witnesses", {"textDocument": {"uri": server.uri(name)}})["witnesses"]


assert witnesses("leak.cpp") == []
server.open("leak.cpp")
[found] = server.diagnostics("leak.cpp")
answer = server.request("sluice/witnesses", {"textDocument": {"uri": server.uri("leak.cpp")}})
assert ".step {" in answer["style"], answer
[witness] = answer["witnesses"]
assert (witness["code"], witness["message"]) == (found["code"], found["message"]), witness
assert witness["location"] == {"uri": server.uri("leak.cpp"), "range": found["range"]}, witness
assert witness["steps"] == [step["location"] for step in found["relatedInformation"]], witness
picture = witness["html"]
assert picture.count('<g class="task">') == 2 and picture.count("<li class=\"step") == 5, picture
assert ">waits for ever</text>" in picture and "results.send" in picture, picture

# Text of the user's is text.
server.change("leak.cpp", LEAK.replace("send(1)", "send(1 /* <b id='x'>&amp;</b> */)"))
server.diagnostics("leak.cpp")
[witness] = witnesses("leak.cpp")
assert "<b id" not in witness["html"] and "&lt;b id" in witness["html"], witness

# A path that leads through a header is found from there too, and ends in the file that includes it.
server.change("leak.cpp", CLEAN)
server.diagnostics("leak.cpp")
assert witnesses("leak.cpp") == []
project.write("sender.hpp", '#pragma once\n#include "queue.hpp"\ninline void put(sluice::chan<int> &to) {\n  to.send(1);\n}\n')
server.change("leak.cpp", LEAK.replace("results.send(1)", "put(results)").replace("queue.hpp", "sender.hpp")
              .replace("[results]", "[results]() mutable"))
server.diagnostics("leak.cpp")
[here], [there] = witnesses("leak.cpp"), witnesses("sender.hpp")
assert here == there and here["location"]["uri"] == server.uri("sender.hpp"), here
assert witnesses("queue.hpp") == []

# Where there is nothing to tell, and what is no file.
project.write("plain.cpp", "int plain;\n")
server.open("plain.cpp")
assert server.diagnostics("plain.cpp") == [] and witnesses("plain.cpp") == []
answer = server.request("sluice/witnesses", {"textDocument": {"uri": "untitled:1"}})
assert answer["witnesses"] == [], answer
assert server.request("sluice/witnesses", {})["witnesses"] == []
assert server.end() == 0

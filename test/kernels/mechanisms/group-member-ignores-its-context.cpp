// One member of a task group fails; the other sends where nobody receives any more.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <stdexcept>

void parse(int line) {
  if (line == 0)
    throw std::invalid_argument("empty line");
}

void copy_lines() {
  sluice::chan<int> lines;
  sluice::task_group group;
  group.go([&] {
    for (int i = 0; i < 2; ++i)
#ifdef REPAIRED
      if (sluice::select(sluice::on_send(lines, i), sluice::on_recv(group.ctx().done())) == 1)
        return;
#else
      lines.send(i); // sluice: unreceived-send
#endif
    lines.close();
  });
  group.go([&] {
    for (int line : lines)
      parse(line);
  });
  group.wait(); // sluice: unreceived-send
}

int main() {
  sluice::run([] {
    try {
      copy_lines();
    } catch (const std::invalid_argument &) {
    }
  });
}

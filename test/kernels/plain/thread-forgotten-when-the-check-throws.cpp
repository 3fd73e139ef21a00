// A check between start and join throws; the thread's destructor then ends the program.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stdexcept>
#include <thread>

static void verify(int n) {
  if (n < 0)
    throw std::invalid_argument("negative");
}

void process(int n) {
#ifdef REPAIRED
  verify(n);
#endif
  std::thread worker([] {}); // sluice: unjoined-task
#ifndef REPAIRED
  verify(n);
#endif
  worker.join();
}

int main(int argc, char **) {
  try {
    process(argc - 2);
  } catch (const std::invalid_argument &) {
  }
}

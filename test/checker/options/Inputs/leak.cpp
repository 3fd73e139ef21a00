#include <sluice/chan.hpp>
#include <sluice/task.hpp>

void leave(bool leaves) {
  sluice::chan<int> results(0);
  sluice::go([results] { results.send(1); });
  if (!leaves)
    results.recv();
}

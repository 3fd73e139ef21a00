// A search over several sources whose losers are told to stop by a quit channel.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Use it inside one component, where a whole context would be too much: whoever starts the tasks
// closes the channel, and every blocking step of a task also waits for that.
#include <sluice/sluice.hpp>

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;

/// A place to ask, with the time it takes to answer.
struct mirror {
  std::string name;
  std::chrono::milliseconds latency;
};

/// Answers unless told to quit, be it while asking or while handing over the answer.
void ask(const mirror &from, sluice::send_chan<std::string> answers, sluice::recv_chan<> quit) {
  if (sluice::select(sluice::on_recv(sluice::after(from.latency)), sluice::on_recv(quit)) == 1)
    return;
  sluice::select(sluice::on_send(answers, "answer of " + from.name), sluice::on_recv(quit));
}

/// The first answer of any mirror; the others stop.
std::string first_answer(const std::vector<mirror> &mirrors) {
  sluice::chan<std::string> answers;
  sluice::chan<> quit;
  sluice::defer stop_the_others([=] { quit.close(); });

  for (const mirror &one : mirrors)
    sluice::go("ask", [=] { ask(one, answers, quit); });
  return answers.recv().value_or("no answer");
}

} // namespace

int main() {
  sluice::run([] {
    const std::vector<mirror> mirrors{{"north", 80ms}, {"south", 2ms}, {"west", 120ms}};
    std::printf("%s\n", first_answer(mirrors).c_str());
  });
}

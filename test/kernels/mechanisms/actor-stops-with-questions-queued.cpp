// A worker leaves at the stop message, and the question queued behind it is never answered.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <variant>

struct compute {
  int input;
  sluice::chan<int> reply;
};
struct stop {};
using command = std::variant<compute, stop>;

class worker : public std::enable_shared_from_this<worker> {
public:
  void start() {
    sluice::go("worker", [self = shared_from_this()] { self->run(); });
  }

  int ask(int input) {
    sluice::chan<int> reply(1);
    commands_.send(compute{input, reply});
    auto answer = reply.recv(); // sluice: starved-receive
    return answer.value_or(-1);
  }

  void end() { commands_.send(stop{}); }
  void close() { commands_.close(); }

private:
  void run() {
    while (true) {
      command next = *commands_.recv();
      if (std::holds_alternative<stop>(next))
        break;
      if (const compute *c = std::get_if<compute>(&next))
        c->reply.send(c->input * 2);
    }
#ifdef REPAIRED
    while (auto late = commands_.recv())
      if (const compute *c = std::get_if<compute>(&*late))
        c->reply.close();
#endif
  }

  sluice::chan<command> commands_{2};
};

int main() {
  return sluice::run([] {
    auto w = std::make_shared<worker>();
    w->start();
    int first = w->ask(1);
    w->end();
    int late = w->ask(2);
#ifdef REPAIRED
    w->close();
#endif
    return first + late > 0 ? 0 : 1;
  });
}

// A request carries a promise-like channel of one result; the refusing branch answers nobody.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <unordered_map>
#include <utility>

struct call {
  int id = 0;
  sluice::chan<int> answer;
};

class connection {
public:
  void serve() {
    for (auto c : calls_) {
      if (known_.contains(c.id))
        c.answer.send(known_[c.id]);
#ifdef REPAIRED
      else
        c.answer.close();
#endif
    }
  }
  int ask(int id) {
    call c{id, {}};
    calls_.send(c);
    return c.answer.recv().value_or(-1); // sluice: starved-receive
  }
  void learn(int id, int v) { known_[id] = v; }
  void close() { calls_.close(); }

private:
  sluice::chan<call> calls_;
  std::unordered_map<int, int> known_;
};

int main() {
  return sluice::run([] {
    connection c;
    c.learn(1, 10);
    sluice::go("serve", [&] { c.serve(); });
    int sum = c.ask(1) + c.ask(2);
    c.close();
    return sum;
  });
}

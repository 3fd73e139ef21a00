// A store answers what it is asked, but its visitor's catch-all swallows one kind of question.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <map>
#include <string>
#include <variant>

struct put {
  int key;
  int value;
};
struct get {
  int key;
  sluice::chan<int> reply;
};
struct count {
  sluice::chan<int> reply;
};
using message = std::variant<put, get, count>;

template <class... Cases> struct overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases> overloaded(Cases...) -> overloaded<Cases...>;

class store {
public:
  void start() {
    sluice::go("store", [this] { serve(); });
  }

  void set(int key, int value) { inbox_.send(put{key, value}); }

  int at(int key) {
    get question{key, sluice::chan<int>(0)};
    inbox_.send(question);
    return question.reply.recv().value_or(-1);
  }

  int size() {
    count question{sluice::chan<int>(0)};
    inbox_.send(question);
    return question.reply.recv().value_or(-1); // sluice: starved-receive
  }

  void stop() { inbox_.close(); }

private:
  void serve() {
    for (const message &m : inbox_)
      std::visit(overloaded{
                     [this](const put &p) { values_[p.key] = p.value; },
                     [this](const get &g) { g.reply.send(values_[g.key]); },
#ifdef REPAIRED
                     [this](const count &c) { c.reply.send(static_cast<int>(values_.size())); },
#else
                     [](const auto &) {},
#endif
                 },
                 m);
  }

  sluice::chan<message> inbox_{4};
  std::map<int, int> values_;
};

int main() {
  return sluice::run([] {
    store s;
    s.start();
    s.set(1, 10);
    int got = s.at(1) + s.size();
    s.stop();
    return got == 11 ? 0 : 1;
  });
}

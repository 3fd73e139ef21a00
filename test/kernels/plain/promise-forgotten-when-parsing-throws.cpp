// The exception path answers no request: its promise is kept in the table and never set.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <future>
#include <map>
#include <stdexcept>
#include <thread>

class client {
public:
  std::future<int> ask(int id) { return pending_[id].get_future(); }
  void on_reply(int id, bool valid) {
    try {
      int value = parse(valid);
      pending_[id].set_value(value);
    } catch (const std::runtime_error &) {
#ifdef REPAIRED
      pending_[id].set_exception(std::current_exception());
#endif
    }
  }

private:
  static int parse(bool valid) {
    if (!valid)
      throw std::runtime_error("malformed");
    return 1;
  }
  std::map<int, std::promise<int>> pending_;
};

int main() {
  client c;
  std::future<int> answer = c.ask(7);
  std::thread receiver([&] { c.on_reply(7, false); });
  try {
    answer.get(); // sluice: unfulfilled-wait
  } catch (const std::runtime_error &) {
  }
  receiver.join();
}

// A loop takes messages of several kinds; the kind that flushes is answered only while something
// is buffered.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

struct op {
  enum kind_t { write, flush, close } kind = write;
  std::string text;
  std::shared_ptr<sluice::chan<bool>> ack;
};

class writer {
public:
  writer() {
    sluice::go("writer", [this] { loop(); });
  }

  void write(std::string s) { ops_.send(op{op::write, std::move(s), nullptr}); }

  bool flush() {
    auto ack = std::make_shared<sluice::chan<bool>>();
    ops_.send(op{op::flush, {}, ack});
    auto ok = ack->recv(); // sluice: starved-receive
    return ok.value_or(false);
  }

  void close() {
    ops_.send(op{op::close, {}, nullptr});
    closed_.recv();
  }

private:
  void loop() {
    std::vector<std::string> buffer;
    for (;;) {
      auto o = ops_.recv();
      switch (o->kind) {
      case op::write:
        buffer.push_back(std::move(o->text));
        break;
      case op::flush:
        if (!buffer.empty()) {
          buffer.clear();
          o->ack->send(true);
        }
#ifdef REPAIRED
        else
          o->ack->send(false);
#endif
        break;
      case op::close:
        closed_.close();
        return;
      }
    }
  }

  sluice::chan<op> ops_;
  sluice::chan<> closed_;
};

int main() {
  sluice::run([] {
    writer w;
    w.write("line");
    w.flush();
    bool again = w.flush();
    w.close();
    return again;
  });
}

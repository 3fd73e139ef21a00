// An election tells its observers of leaders over one channel; an observer that finds its leader
// leaves the teller behind.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

using namespace std::chrono_literals;

class election {
public:
  explicit election(std::vector<std::string> history) : history_(std::move(history)) {}

  sluice::recv_chan<std::string> observe(sluice::context ctx) {
    sluice::chan<std::string> out;
    sluice::go("observe", [this, out, ctx] { feed(ctx, out); });
    return out;
  }

private:
  void feed(sluice::context ctx, sluice::send_chan<std::string> out) {
    sluice::defer close([out] { out.close(); });
    for (const auto &leader : history_) {
#ifdef REPAIRED
      if (!out.send(leader, ctx))
        return;
#else
      if (ctx.err())
        return;
      out.send(leader); // sluice: unreceived-send
#endif
    }
  }

  std::vector<std::string> history_;
};

class campaign {
public:
  explicit campaign(std::shared_ptr<election> e) : election_(std::move(e)) {}

  bool wait_for(const std::function<bool(const std::string &)> &wanted) {
    auto scope = sluice::with_timeout({}, 1s);
    sluice::defer end([&] { scope.cancel(); });
    auto leaders = election_->observe(scope.ctx);
    for (std::string l : leaders)
      if (wanted(l))
        return true;
    return false;
  }

private:
  std::shared_ptr<election> election_;
};

int main() {
  sluice::run([] {
    auto e = std::make_shared<election>(std::vector<std::string>{"n1", "n2", "n3"});
    campaign c(e);
    return c.wait_for([](const std::string &who) { return who == "n2"; });
  });
}

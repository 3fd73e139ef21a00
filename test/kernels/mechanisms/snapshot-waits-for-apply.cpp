// A snapshot is asked for under the engine's read lock; the applier that should make it needs the
// write lock.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <functional>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <vector>

struct snapshot {
  int index = 0;
};

struct request {
  enum { apply, take_snapshot } kind = apply;
  int value = 0;
  sluice::chan<snapshot> reply;
};

class engine {
public:
  explicit engine(int buffered) : requests_(buffered) {}

  void serve(const sluice::context &ctx) {
    for (;;) {
      std::optional<request> r;
      switch (sluice::select(sluice::on_recv(requests_, r), sluice::on_recv(ctx.done()))) {
      case 0:
        handle(*r);
        break;
      case 1:
        return;
      }
    }
  }

  void apply(int value) { requests_.send(request{request::apply, value, nullptr}); }

  std::optional<snapshot> save() {
    sluice::chan<snapshot> reply(1);
#ifdef REPAIRED
    {
      std::shared_lock read(mu_);
      if (applied_.empty())
        return std::nullopt;
    }
#else
    std::shared_lock read(mu_);
    if (applied_.empty())
      return std::nullopt;
#endif
    requests_.send(request{request::take_snapshot, 0, reply});
    return reply.recv(); // sluice: blocking-under-lock
  }

private:
  void handle(request &r) {
    switch (r.kind) {
    case request::apply: {
      std::unique_lock write(mu_); // sluice: blocking-under-lock
      applied_.push_back(r.value);
      break;
    }
    case request::take_snapshot:
      r.reply.send({static_cast<int>(index_)});
      break;
    }
    ++index_;
  }

  sluice::shared_mutex mu_;
  sluice::chan<request> requests_;
  std::vector<int> applied_;
  int index_ = 0;
};

int main() {
  sluice::run([] {
    auto [ctx, cancel] = sluice::with_cancel(sluice::context::background());
    engine e(2);
    sluice::wait_group wg;
    wg.add(1);
    sluice::go("engine", [&, ctx = ctx] {
      e.serve(ctx);
      wg.done();
    });
    e.apply(1);
    e.apply(2);
    e.save();
    cancel();
    wg.wait();
  });
}

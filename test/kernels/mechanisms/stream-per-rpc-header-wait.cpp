// A client waits for a stream's header; the transport's error path ends the streams without
// telling them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

struct header {
  int status = 200;
};

struct stream {
  explicit stream(int id, sluice::context c) : id(id), ctx(std::move(c)) {}
  int id;
  sluice::context ctx;
  sluice::chan<> header_ready;
  sluice::once header_once;
  std::optional<header> got;

  std::optional<header> wait_header() {
    auto ended = ctx.done();
    switch (sluice::select(sluice::on_recv(ended), // sluice: starved-receive
                           sluice::on_recv(header_ready))) {
    case 0:
      return std::nullopt;
    case 1:
      return got;
    }
    return std::nullopt;
  }
  void set(std::optional<header> h) {
    header_once.call([&] {
      got = h;
      header_ready.close();
    });
  }
};

class client_transport {
public:
  std::shared_ptr<stream> new_stream(sluice::context ctx) {
    auto s = std::make_shared<stream>(next_id_, std::move(ctx));
    std::scoped_lock l(mu_);
    active_[next_id_] = s;
    next_id_ += 2;
    return s;
  }

  void reader(sluice::recv_chan<int> wire) {
    for (;;) {
      auto frame = wire.recv();
      if (!frame) {
        fail();
        return;
      }
      std::shared_ptr<stream> s = find(*frame);
      if (!s)
        continue;
      s->set(header{});
    }
  }

private:
  std::shared_ptr<stream> find(int id) {
    std::scoped_lock l(mu_);
    auto it = active_.find(id);
    return it == active_.end() ? nullptr : it->second;
  }
  void fail() {
    std::map<int, std::shared_ptr<stream>> gone;
    {
      std::scoped_lock l(mu_);
      gone.swap(active_);
    }
#ifdef REPAIRED
    for (auto &[id, s] : gone)
      s->set(std::nullopt);
#endif
  }

  sluice::mutex mu_;
  std::map<int, std::shared_ptr<stream>> active_;
  int next_id_ = 1;
};

class call {
public:
  call(client_transport &t, sluice::context ctx) : s_(t.new_stream(std::move(ctx))) {}
  bool invoke() { return s_->wait_header().has_value(); }

private:
  std::shared_ptr<stream> s_;
};

int main() {
  sluice::run([] {
    auto t = std::make_shared<client_transport>();
    sluice::chan<int> wire(1);
    call unary(*t, sluice::context::background());
    sluice::go("reader", [t, wire] { t->reader(wire); });
    sluice::go("peer", [wire] {
      if (std::rand() % 2)
        wire.send(1);
      wire.close();
    });
    bool ok = unary.invoke();
    (void)ok;
  });
}

// A server's graceful stop waits for its handlers; a handler that is hijacked never reports that
// it has ended.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

struct request {
  std::string path;
};

class response_writer {
public:
  void hijack() { hijacked_ = true; }
  bool hijacked() const { return hijacked_; }

private:
  bool hijacked_ = false;
};

using handler = std::function<void(response_writer &, const request &)>;

class server {
public:
  void handle(const std::string &path, handler h) { routes_[path] = std::move(h); }

  void serve(sluice::recv_chan<request> accepted) {
    while (auto r = accepted.recv()) {
      active_.add(1);
      sluice::go("conn", [this, req = *r] { serve_one(req); });
    }
    stopped_.close();
  }

  void shutdown(sluice::chan<request> listener) {
    listener.close();
    stopped_.recv();
    active_.wait(); // sluice: wait-group-misuse
  }

private:
  void serve_one(const request &r) {
    response_writer w;
    auto it = routes_.find(r.path);
    if (it != routes_.end())
      it->second(w, r);
#ifndef REPAIRED
    if (w.hijacked())
      return;
#endif
    active_.done();
  }

  std::unordered_map<std::string, handler> routes_;
  sluice::wait_group active_;
  sluice::chan<> stopped_;
};

int main() {
  sluice::run([] {
    auto s = std::make_shared<server>();
    s->handle("/", [](response_writer &, const request &) {});
    s->handle("/attach", [](response_writer &w, const request &) { w.hijack(); });
    sluice::chan<request> listener;
    sluice::go("serve", [s, listener] { s->serve(listener); });
    listener.send({"/"});
    listener.send({"/attach"});
    s->shutdown(listener);
  });
}

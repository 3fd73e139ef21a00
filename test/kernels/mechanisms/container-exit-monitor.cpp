// Stopping a container waits for its exit under the state's lock, which the monitor takes to
// record the exit.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>

using namespace std::chrono_literals;

struct state {
  mutable sluice::mutex mu;
  bool running = false;
  int exit_code = 0;
  sluice::chan<> exited;

  bool is_running() const {
    std::lock_guard l(mu);
    return running;
  }
  void set_running() {
    std::lock_guard l(mu);
    running = true;
  }
  void set_stopped(int code) {
    std::lock_guard l(mu); // sluice: blocking-under-lock
    running = false;
    exit_code = code;
    exited.close();
  }
};

struct container {
  explicit container(std::string n) : name(std::move(n)) {}
  std::string name;
  state st;
};

class process {
public:
  int wait() {
    signalled_.recv();
    return 137;
  }
  void kill() {
    if (!sent_) {
      sent_ = true;
      signalled_.send({});
    }
  }

private:
  bool sent_ = false;
  sluice::chan<> signalled_{1};
};

class manager {
public:
  std::shared_ptr<container> start(const std::string &name) {
    auto c = std::make_shared<container>(name);
    auto p = std::make_shared<process>();
    c->st.set_running();
    {
      std::lock_guard l(mu_);
      containers_[name] = c;
      processes_[name] = p;
    }
    sluice::go("monitor", [this, c, p] { monitor(*c, *p); });
    return c;
  }

  int stop(const std::string &name) {
    std::shared_ptr<container> c;
    std::shared_ptr<process> p;
    {
      std::lock_guard l(mu_);
      c = containers_[name];
      p = processes_[name];
    }
#ifdef REPAIRED
    if (!c->st.is_running())
      return 0;
    p->kill();
    c->st.exited.recv();
    std::unique_lock l(c->st.mu);
#else
    std::unique_lock l(c->st.mu);
    if (!c->st.running)
      return 0;
    p->kill();
    c->st.exited.recv(); // sluice: blocking-under-lock
#endif
    return c->st.exit_code;
  }

private:
  void monitor(container &c, process &p) {
    int code = p.wait();
    c.st.set_stopped(code);
  }

  sluice::mutex mu_;
  std::map<std::string, std::shared_ptr<container>> containers_;
  std::map<std::string, std::shared_ptr<process>> processes_;
};

int main() {
  return sluice::run([] {
    manager m;
    m.start("web");
    return m.stop("web");
  });
}

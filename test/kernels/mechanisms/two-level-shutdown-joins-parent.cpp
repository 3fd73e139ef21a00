// Services form a tree; stopping one stops its children, and a failing child stops its parent and
// waits for it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

class service : public std::enable_shared_from_this<service> {
public:
  explicit service(std::string name) : name_(std::move(name)) {}

  void add(std::shared_ptr<service> child) {
    child->on_failure_ = [this] { this->stop(); };
    children_.push_back(std::move(child));
  }

  void start() {
    running_.add(1);
    sluice::go("service", [self = shared_from_this()] {
      sluice::defer ended([&] { self->running_.done(); });
      self->run();
    });
    for (auto &c : children_)
      c->start();
  }

  void stop() {
    once_.call([this] { quit_.close(); });
    running_.wait(); // sluice: deadlock
    for (auto &c : children_)
      c->stop();
  }

private:
  bool probe() const { return std::rand() % 3 != 0; }
  void run() {
    while (probe()) {
      if (sluice::select(sluice::on_recv(quit_), sluice::otherwise()) == 0)
        return;
      sluice::yield();
    }
#ifdef REPAIRED
    if (on_failure_)
      sluice::go("failure", on_failure_);
#else
    if (on_failure_)
      on_failure_();
#endif
  }

  std::string name_;
  std::vector<std::shared_ptr<service>> children_;
  std::function<void()> on_failure_;
  sluice::once once_;
  sluice::chan<> quit_;
  sluice::wait_group running_;
};

int main() {
  sluice::run([] {
    auto root = std::make_shared<service>("root");
    auto leaf = std::make_shared<service>("leaf");
    root->add(leaf);
    root->start();
    sluice::sleep_for(std::chrono::milliseconds(10));
    root->stop();
  });
}

// A lazily opened store opens itself under a once; opening reports progress through a method that
// opens it first.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

class progress {
public:
  virtual ~progress() = default;
  virtual void step(const std::string &what) = 0;
};

class store {
public:
  explicit store(progress &p) : progress_(p) {}

  int count() {
    open_.call([this] { load(); }); // sluice: deadlock
    return rows_;
  }

  int estimate() const { return rows_; }

private:
  void load() {
    rows_ = 3;
    progress_.step("loaded");
  }

  progress &progress_;
  sluice::once open_;
  int rows_ = 0;
};

class console : public progress {
public:
  void watch(store *s) { store_ = s; }
  void step(const std::string &) override {
    if (!store_)
      return;
#ifdef REPAIRED
    shown_ = store_->estimate();
#else
    shown_ = store_->count();
#endif
  }

private:
  store *store_ = nullptr;
  int shown_ = 0;
};

int main() {
  sluice::run([] {
    console c;
    store s(c);
    c.watch(&s);
    sluice::chan<int> n(1);
    sluice::go("count", [&] { n.send(s.count()); });
    n.recv();
  });
}

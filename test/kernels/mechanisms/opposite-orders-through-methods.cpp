// Two objects call each other under their locks, from two tasks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <mutex>

class store;

class replica {
public:
  explicit replica(store &s) : store_(s) {}
  void tick();
  void apply(int entry) {
    std::lock_guard hold(mu_); // sluice: lock-order-cycle
    last_ = entry;
  }

private:
  sluice::mutex mu_;
  store &store_;
  int last_ = 0;
};

class store {
public:
  void attach(replica *r) {
    std::lock_guard hold(mu_);
    replica_ = r;
  }
  void append(int entry) {
#ifdef REPAIRED
    replica *to = nullptr;
    {
      std::lock_guard hold(mu_);
      to = replica_;
    }
    to->apply(entry);
#else
    std::lock_guard hold(mu_);
    replica_->apply(entry);
#endif
  }
  int size() {
    std::lock_guard hold(mu_); // sluice: lock-order-cycle
    return size_;
  }

private:
  sluice::mutex mu_;
  replica *replica_ = nullptr;
  int size_ = 0;
};

void replica::tick() {
  std::lock_guard hold(mu_);
  last_ = store_.size();
}

int main() {
  sluice::run([] {
    store s;
    replica r(s);
    s.attach(&r);
    sluice::wait_group done;
    done.add(2);
    sluice::go("append", [&] {
      s.append(1);
      done.done();
    });
    sluice::go("tick", [&] {
      r.tick();
      done.done();
    });
    done.wait();
  });
}

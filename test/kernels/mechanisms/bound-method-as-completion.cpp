// A store's completion is a bound method that locks the session; the session calls the store with
// that lock held.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

enum class error { none, full };

class volume {
public:
  using completion = std::function<void(error, int)>;

  void write(int block, completion done) {
    std::unique_lock l(mu_);
    if (used_ == limit) {
      l.unlock();
      done(error::full, block);
      return;
    }
    ++used_;
    pending_.push_back(std::bind(done, error::none, block));
  }

  void flush() {
    std::vector<std::function<void()>> ready;
    {
      std::lock_guard l(mu_);
      ready.swap(pending_);
    }
    for (auto &f : ready)
      f();
  }

private:
  static constexpr int limit = 1;
  sluice::mutex mu_;
  int used_ = 0;
  std::vector<std::function<void()>> pending_;
};

class session : public std::enable_shared_from_this<session> {
public:
  static std::shared_ptr<session> open(std::shared_ptr<volume> v) {
    std::shared_ptr<session> s(new session());
    s->volume_ = std::move(v);
    return s;
  }

  void put(int block) {
    using namespace std::placeholders;
#ifdef REPAIRED
    {
      std::lock_guard l(mu_);
      ++outstanding_;
    }
    volume_->write(block, std::bind(&session::on_written, shared_from_this(), _1, _2));
#else
    std::lock_guard l(mu_);
    ++outstanding_;
    volume_->write(block, std::bind(&session::on_written, shared_from_this(), _1, _2));
#endif
  }

private:
  session() = default;
  void on_written(error e, int) {
    std::lock_guard l(mu_); // sluice: double-lock
    --outstanding_;
    if (e != error::none)
      ++failed_;
  }

  sluice::mutex mu_;
  int outstanding_ = 0;
  int failed_ = 0;
  std::shared_ptr<volume> volume_;
};

int main() {
  sluice::run([] {
    auto v = std::make_shared<volume>();
    auto s = session::open(v);
    s->put(1);
    s->put(2);
    v->flush();
  });
}

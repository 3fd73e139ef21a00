// A scheduler pops a pod under the queue's lock and binds it through a plugin that puts failures
// back into the queue.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <cstdlib>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

struct pod {
  std::string name;
  int attempts = 0;
};

enum class code { success, unschedulable };

class plugin {
public:
  virtual ~plugin() = default;
  virtual code reserve(const pod &p) = 0;
  virtual void unreserve(const pod &) {}
};

class scheduling_queue {
public:
  void add(pod p) {
    std::lock_guard<sluice::mutex> l(mu_); // sluice: double-lock
    pods_.push_back(std::move(p));
    changed_.notify_all();
  }

  template <class F> bool pop_and(F use) {
#ifdef REPAIRED
    pod p;
    {
      std::unique_lock<sluice::mutex> l(mu_);
      changed_.wait(l, [this] { return closed_ || !pods_.empty(); });
      if (pods_.empty())
        return false;
      p = pods_.front();
      pods_.pop_front();
    }
    use(p);
#else
    std::unique_lock<sluice::mutex> l(mu_);
    changed_.wait(l, [this] { return closed_ || !pods_.empty(); });
    if (pods_.empty())
      return false;
    pod p = pods_.front();
    pods_.pop_front();
    use(p);
#endif
    return true;
  }

  void close() {
    std::lock_guard<sluice::mutex> l(mu_);
    closed_ = true;
    changed_.notify_all();
  }

private:
  sluice::mutex mu_;
  sluice::condition_variable changed_;
  std::deque<pod> pods_;
  bool closed_ = false;
};

class quota_plugin : public plugin {
public:
  explicit quota_plugin(std::function<void(pod)> retry) : retry_(std::move(retry)) {}
  code reserve(const pod &p) override {
    if (std::rand() % 2 == 0)
      return code::success;
    if (p.attempts < 1)
      retry_(pod{p.name, p.attempts + 1});
    return code::unschedulable;
  }

private:
  std::function<void(pod)> retry_;
};

class scheduler {
public:
  scheduler() {
    plugins_.push_back(std::make_unique<quota_plugin>([this](pod p) { queue_.add(std::move(p)); }));
  }
  scheduling_queue &queue() { return queue_; }
  bool schedule_one() {
    return queue_.pop_and([this](const pod &p) {
      for (auto &plug : plugins_)
        if (plug->reserve(p) != code::success)
          plug->unreserve(p);
    });
  }

private:
  scheduling_queue queue_;
  std::vector<std::unique_ptr<plugin>> plugins_;
};

int main() {
  sluice::run([] {
    scheduler s;
    sluice::chan<> done;
    sluice::go("schedule", [&] {
      while (s.schedule_one())
        ;
      done.close();
    });
    s.queue().add({"a"});
    s.queue().close();
    done.recv();
  });
}

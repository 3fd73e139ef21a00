// A background writer's destructor sets its flag and joins, but wakes nobody.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

class sink {
public:
  virtual ~sink() = default;
  virtual void write(const std::string &line) = 0;
};

class null_sink : public sink {
public:
  void write(const std::string &) override {}
};

class writer {
public:
  explicit writer(std::unique_ptr<sink> to) : sink_(std::move(to)), thread_([this] { run(); }) {}
  ~writer() {
    {
      std::lock_guard hold(mutex_);
      stop_ = true;
    }
#ifdef REPAIRED
    wake_.notify_one();
#endif
    thread_.join(); // sluice: lost-notify
  }
  void log(std::string line) {
    {
      std::lock_guard hold(mutex_);
      lines_.push_back(std::move(line));
    }
    wake_.notify_one();
  }

private:
  void run() {
    std::unique_lock hold(mutex_);
    while (!stop_) {
      wake_.wait(hold, [this] { return stop_ || !lines_.empty(); }); // sluice: lost-notify
      while (!lines_.empty()) {
        sink_->write(lines_.back());
        lines_.pop_back();
      }
    }
  }
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::string> lines_;
  bool stop_ = false;
  std::unique_ptr<sink> sink_;
  std::thread thread_;
};

int main() {
  writer w(std::make_unique<null_sink>());
  w.log("hello");
}

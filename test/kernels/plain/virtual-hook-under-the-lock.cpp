// The base class calls a virtual hook under its lock; the derived hook calls the base again.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <memory>
#include <mutex>

class session {
public:
  virtual ~session() = default;
  void close() {
#ifdef REPAIRED
    {
      std::lock_guard hold(mutex_);
      open_ = false;
    }
    on_close();
#else
    std::lock_guard hold(mutex_);
    open_ = false;
    on_close();
#endif
  }
  bool is_open() {
    std::lock_guard hold(mutex_); // sluice: double-lock
    return open_;
  }

protected:
  virtual void on_close() {}

private:
  std::mutex mutex_;
  bool open_ = true;
};

class logged_session : public session {
protected:
  void on_close() override { was_open_ = is_open(); }

private:
  bool was_open_ = false;
};

int main() {
  std::unique_ptr<session> s = std::make_unique<logged_session>();
  s->close();
}

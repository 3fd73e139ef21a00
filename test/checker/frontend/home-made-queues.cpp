// Classes of a lock, conditions and a container whose methods do what a channel's do are channels.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice-frontend %s -- %flags | FileCheck %s
// RUN: sluice-frontend --bodies-of-queues %s -- %flags | FileCheck %s --check-prefix=BODIES
#include <chrono>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <queue>
#include <stdexcept>
#include <string>

// Without recognition the bodies are entered.
// BODIES: wait %
// CHECK-NOT: wait %
// CHECK-NOT: lock %

/// Two conditions, closable, a bound from the constructor, predicates as lambdas.
template <class T> class Bounded {
public:
  explicit Bounded(std::size_t capacity) : capacity(capacity) {}
  bool push(T v) {
    std::unique_lock lk(m);
    notFull.wait(lk, [this] { return q.size() < capacity || closed; });
    if (closed)
      return false;
    q.push(std::move(v));
    notEmpty.notify_one();
    return true;
  }
  std::optional<T> pop() {
    std::unique_lock<std::mutex> lk(m);
    while (q.empty() && !closed)
      notEmpty.wait(lk);
    if (q.empty())
      return std::nullopt;
    T v = std::move(q.front());
    q.pop();
    lk.unlock();
    notFull.notify_one();
    return v;
  }
  bool tryPop(T &out) {
    std::lock_guard<std::mutex> lk(m);
    if (q.empty())
      return false;
    out = std::move(q.front());
    q.pop();
    notFull.notify_one();
    return true;
  }
  void close() {
    {
      std::lock_guard<std::mutex> lk(m);
      closed = true;
    }
    notFull.notify_all();
    notEmpty.notify_all();
  }
  std::size_t size() const {
    std::scoped_lock lk(m);
    return q.size();
  }

private:
  mutable std::mutex m;
  std::condition_variable notFull, notEmpty;
  std::queue<T> q;
  bool closed = false;
  const std::size_t capacity;
};

// CHECK-LABEL: "bounded"
// CHECK: %q = make chan 2 name "q" type "Bounded<int>"
// CHECK: send %q, 7 quiet
// CHECK: recv %q
// CHECK: recv %q try
// CHECK: size %q
// CHECK: close %q quiet
std::size_t bounded() {
  Bounded<int> q(2);
  q.push(7);
  q.pop();
  int x = 0;
  q.tryPop(x);
  std::size_t n = q.size();
  q.close();
  return n;
}

/// One condition for all, so everybody is woken; a fixed bound; nothing closes it.
class Fixed {
public:
  void put(const std::string &s) {
    std::unique_lock<std::mutex> lk(m);
    while (full())
      changed.wait(lk);
    items.push_back(s);
    changed.notify_all();
  }
  std::string take() {
    std::unique_lock<std::mutex> lk(m);
    changed.wait(lk, [&] { return !items.empty(); });
    std::string s = items.front();
    items.pop_front();
    changed.notify_all();
    return s;
  }

private:
  bool full() const { return items.size() >= 16; }
  std::mutex m;
  std::condition_variable changed;
  std::deque<std::string> items;
};

// CHECK-LABEL: "fixed"
// CHECK: make chan 16 name "q" type "Fixed"
// CHECK: send %q
// CHECK: recv %q
void fixed() {
  Fixed q;
  q.put("a");
  q.take();
}

/// Unbounded; what comes after the end is refused by an exception; an atomic flag under the lock.
template <class T> class Throwing {
public:
  void add(T v) {
    std::lock_guard<std::mutex> lk(m);
    if (ended.load())
      throw std::runtime_error("ended");
    list.emplace_back(std::move(v));
    some.notify_one();
  }
  T next() {
    std::unique_lock<std::mutex> lk(m);
    some.wait(lk, [this] { return ended || !list.empty(); });
    if (list.empty())
      throw std::runtime_error("ended");
    T v = std::move(list.front());
    list.pop_front();
    return v;
  }
  void finish() {
    std::lock_guard<std::mutex> lk(m);
    ended = true;
    some.notify_all();
  }

private:
  std::mutex m;
  std::condition_variable some;
  std::list<T> list;
  std::atomic<bool> ended{false};
};

// CHECK-LABEL: "throwing"
// CHECK: %q = make chan 2147483647
// CHECK: send %q, {{.*}}
// CHECK: %{{[0-9]+}}, [[OPEN:%[0-9]+]] = recv %q
// CHECK: branch [[OPEN]]
// CHECK: close %q quiet
void throwing() {
  Throwing<std::unique_ptr<int>> q;
  q.add(std::make_unique<int>(1));
  q.next();
  q.finish();
}

/// A queue of jobs that still takes some after its end; out through a reference.
class Jobs {
public:
  void submit(std::function<void()> job) {
    {
      std::lock_guard<std::mutex> lk(mutex_);
      jobs_.push(std::move(job));
    }
    cv_.notify_one();
  }
  bool wait(std::function<void()> &job) {
    std::unique_lock<std::mutex> lk(mutex_);
    cv_.wait(lk, [this] { return !running_ || !jobs_.empty(); });
    if (jobs_.empty())
      return false;
    job = std::move(jobs_.front());
    jobs_.pop();
    return true;
  }
  bool waitFor(std::function<void()> &job, std::chrono::milliseconds limit) {
    std::unique_lock<std::mutex> lk(mutex_);
    if (!cv_.wait_for(lk, limit, [this] { return !running_ || !jobs_.empty(); }))
      return false;
    if (jobs_.empty())
      return false;
    job = std::move(jobs_.front());
    jobs_.pop();
    return true;
  }
  bool idle() const {
    std::lock_guard<std::mutex> lk(mutex_);
    return jobs_.empty();
  }
  ~Jobs() { stop(); }
  void stop() {
    std::lock_guard<std::mutex> lk(mutex_);
    if (!running_)
      return;
    running_ = false;
    cv_.notify_all();
  }

private:
  mutable std::mutex mutex_;
  std::condition_variable cv_;
  std::queue<std::function<void()>> jobs_;
  bool running_ = true;
};

// CHECK-LABEL: "jobs"
// CHECK: %[[Q:[a-z0-9]+]] = make chan 2147483647 name "q" type "Jobs"
// CHECK: send %[[Q]], {{.*}} anyway
// CHECK: recv %[[Q]]
// CHECK: close %[[Q]] quiet
// CHECK: recv %[[Q]] timed
void jobs() {
  Jobs q;
  q.submit([] {});
  std::function<void()> job;
  if (q.wait(job) || q.waitFor(job, std::chrono::milliseconds(1)))
    job();
}

struct Message {
  int kind;
  std::function<void()> reply;
};

/// A member of a class of its own, of messages with fields.
class Actor {
public:
  void tell(Message m) { box.push(m); }
  int hear() {
    Message m{};
    box.pop(m);
    return m.kind;
  }

private:
  class Mailbox {
  public:
    void push(const Message &m) {
      std::lock_guard<std::mutex> lk(mutex);
      messages.push_back(m);
      some.notify_all();
    }
    void pop(Message &m) {
      std::unique_lock<std::mutex> lk(mutex);
      while (messages.size() == 0)
        some.wait(lk);
      m = messages.front();
      messages.pop_front();
    }

  private:
    std::mutex mutex;
    std::condition_variable some;
    std::deque<Message> messages;
  };
  Mailbox box;
};

// CHECK-LABEL: "Actor::hear"
// CHECK: [[BOX:%[0-9]+]] = load %this."Actor::box"
// CHECK: recv [[BOX]]
// CHECK: load {{.*}}"Message::kind"
// CHECK: store {{.*}}"Message::kind"
int actor() {
  Actor a;
  a.tell({1, nullptr});
  return a.hear();
}

/// Given by a shared pointer and passed by reference; the same class twice over.
// CHECK-LABEL: "shared"
// CHECK: make chan 3
// CHECK: call f {{[0-9]+}}([[S:%[a-z0-9]+]])
// CHECK: recv [[S]]
void feed(Bounded<long> &q) { q.push(1); }
bool shared() {
  auto q = std::make_shared<Bounded<long>>(3);
  feed(*q);
  return q->pop().has_value();
}

// Listing a cache read-locks it and asks every index, whose name lookup read-locks it again behind
// an update.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

struct object {
  std::string name;
  int version = 0;
};

class lister {
public:
  virtual ~lister() = default;
  virtual std::vector<object> list() = 0;
  virtual bool get(const std::string &name, object &out) = 0;
};

class thread_safe_store : public lister {
public:
  using index_func = std::function<std::string(const object &)>;

  void add_index(index_func f) {
    std::unique_lock l(mu_);
    indexers_.push_back(std::move(f));
  }

  void update(const object &o) {
    std::unique_lock l(mu_); // sluice: double-lock
    items_[o.name] = o;
  }

  bool get(const std::string &name, object &out) override {
    std::shared_lock l(mu_); // sluice: double-lock
    auto it = items_.find(name);
    if (it == items_.end())
      return false;
    out = it->second;
    return true;
  }

  std::vector<object> list() override {
    std::vector<object> all;
    std::shared_lock l(mu_);
    for (const auto &[name, o] : items_) {
#ifdef REPAIRED
      if (!current(o))
        continue;
      all.push_back(o);
#else
      object current;
      if (!get(name, current))
        continue;
      all.push_back(current);
#endif
    }
    return all;
  }

private:
  bool current(const object &o) const { return o.version > 0; }

  sluice::shared_mutex mu_;
  std::map<std::string, object> items_;
  std::vector<index_func> indexers_;
};

class informer {
public:
  explicit informer(std::shared_ptr<thread_safe_store> s) : store_(std::move(s)) {}

  void run(sluice::recv_chan<object> deltas) {
    for (object o : deltas)
      store_->update(o);
    synced_.close();
  }
  sluice::recv_chan<> synced() const { return synced_; }

private:
  std::shared_ptr<thread_safe_store> store_;
  sluice::chan<> synced_;
};

int main() {
  sluice::run([] {
    auto store = std::make_shared<thread_safe_store>();
    store->add_index([](const object &o) { return o.name; });
    informer inf(store);
    sluice::chan<object> deltas(4);
    sluice::go("informer", [&] { inf.run(deltas); });
    deltas.send({"a", 1});
    deltas.send({"b", 2});
    deltas.close();
    lister &view = *store;
    std::size_t n = view.list().size();
    (void)n;
    inf.synced().recv();
  });
}

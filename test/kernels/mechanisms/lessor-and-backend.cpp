// A lease's expiry locks the lessor, then the store through a hook; a put locks the store, then
// the lessor.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <functional>
#include <map>
#include <mutex>
#include <string>

class lessor {
public:
  using range_deleter = std::function<void(const std::string &)>;

  void set_deleter(range_deleter d) {
    std::lock_guard l(mu_);
    deleter_ = std::move(d);
  }

  void grant(int id, const std::string &key) {
    std::lock_guard l(mu_);
    leases_[id] = key;
  }

  void attach(int id, const std::string &key) {
    std::lock_guard l(mu_); // sluice: lock-order-cycle
    leases_[id] = key;
  }

  void revoke(int id) {
#ifdef REPAIRED
    range_deleter del;
    std::string key;
    {
      std::lock_guard l(mu_);
      auto it = leases_.find(id);
      if (it == leases_.end())
        return;
      key = it->second;
      leases_.erase(it);
      del = deleter_;
    }
    if (del)
      del(key);
#else
    std::lock_guard l(mu_);
    auto it = leases_.find(id);
    if (it == leases_.end())
      return;
    if (deleter_)
      deleter_(it->second);
    leases_.erase(it);
#endif
  }

private:
  sluice::mutex mu_;
  std::map<int, std::string> leases_;
  range_deleter deleter_;
};

class kv_store {
public:
  explicit kv_store(lessor &le) : lessor_(le) {
    lessor_.set_deleter([this](const std::string &key) { this->delete_range(key); });
  }

  void put(const std::string &key, int lease) {
    std::lock_guard l(mu_);
    ++revision_;
    data_[key] = revision_;
    if (lease != 0)
      lessor_.attach(lease, key);
  }

  void delete_range(const std::string &key) {
    std::unique_lock<sluice::mutex> l(mu_); // sluice: lock-order-cycle
    data_.erase(key);
  }

private:
  sluice::mutex mu_;
  lessor &lessor_;
  std::map<std::string, int> data_;
  int revision_ = 0;
};

int main() {
  sluice::run([] {
    lessor le;
    kv_store kv(le);
    le.grant(1, "k");
    sluice::chan<> expired;
    sluice::go("expire", [&] {
      le.revoke(1);
      expired.send({});
    });
    kv.put("k", 1);
    expired.recv();
  });
}

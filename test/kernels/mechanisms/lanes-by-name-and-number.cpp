// Jobs go into lanes by name and number; one is put into the lane that nobody reads.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <map>
#include <set>
#include <sluice/sluice.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>
struct job {
  std::string kind;
  int id;
};
class router {
public:
  void add(std::string_view kind) { lanes_.emplace(std::string(kind), sluice::chan<job>(1)); }
  void submit(job j) {
    std::string key = j.kind + "-" + std::to_string(j.id);
    if (auto it = lanes_.find(key); it != lanes_.end())
      it->second.send(j);
  }
  void drain() {
    for (auto &[k, c] : lanes_)
      c.close();
  }
  sluice::recv_chan<job> lane(const std::string &k) { return lanes_[k]; }

private:
  std::unordered_map<std::string, sluice::chan<job>> lanes_;
};
int main() {
  sluice::run([] {
    router r;
    for (int i = 0; i < 2; ++i)
      r.add("k-" + std::to_string(i));
    sluice::chan<> done;
    sluice::go("worker", [c = r.lane("k-1"), done] {
      auto j = c.recv(); // sluice: starved-receive
      if (j->kind == "k")
        done.close();
    });
#ifdef REPAIRED
    r.submit({"k", 1});
#else
    r.submit({"k", 0});
#endif
    done.recv();
  });
}

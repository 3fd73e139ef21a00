// Strings that are equal find the same entry, whether they are literals, copies or put together.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-undirected-channel' %s -- %flags 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <sluice/sluice.hpp>

#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

class topics {
public:
  void open(const std::string &name) { all_[name] = sluice::chan<int>(1); }
  void close(const std::string &name) {
    auto it = all_.find(name);
    if (it == all_.end())
      return;
    it->second.close();
    all_.erase(it);
  }
  sluice::recv_chan<int> get(std::string_view name) { return all_.at(std::string(name)); }

private:
  std::map<std::string, sluice::chan<int>> all_;
};

void read(sluice::recv_chan<int> from) {
  sluice::go([from] {
    // CHECK: :[[@LINE+1]]:18: warning: receive from the channel waits for ever [sluice-starved-receive]
    for (int v : from)
      (void)v;
  });
}

void closed_under_another_name() {
  topics t;
  t.open("a");
  t.open("b");
  read(t.get("a"));
  t.close("b");
}

void readOk(sluice::recv_chan<int> from) {
  sluice::go([from] {
    for (int v : from)
      (void)v;
  });
}

void closed_under_its_nameOk() {
  topics t;
  t.open("a");
  t.open("b");
  readOk(t.get("b"));
  t.close("b");
}

void put_together_and_found_againOk() {
  std::unordered_map<std::string, sluice::chan<int>> lanes;
  for (int i = 0; i < 2; ++i)
    lanes.emplace("lane-" + std::to_string(i), sluice::chan<int>());
  readOk(lanes["lane-1"]);
  std::string name = "lane";
  name += "-";
  lanes.at(name + "1").close();
}

// A string from outside is the same as long as nobody changes it.
void chosen_by_the_environmentOk() {
  const char *mode = std::getenv("MODE");
  std::string wanted = mode ? mode : "fast";
  sluice::chan<int> done;
  if (wanted == "slow")
    sluice::go([done] { done.recv(); });
  if (wanted == "slow")
    done.send(1);
}

// What a string is after a change that is not followed is not known.
void changed_out_of_sightOk() {
  std::string name = "a";
  name.insert(0, 1, 'b');
  sluice::chan<int> done;
  if (name == "a")
    sluice::go([done] { done.recv(); });
  if (name == "a")
    done.send(1);
}

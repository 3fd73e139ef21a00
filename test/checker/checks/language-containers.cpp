// Primitives and objects in arrays, vectors, maps, optionals, smart pointers, bindings and
// channels.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check %s -- %flags 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <sluice/sluice.hpp>

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

void arrayOk() {
  std::array<sluice::chan<int>, 2> both{sluice::chan<int>(1), sluice::chan<int>(1)};
  for (auto &c : both)
    c.send(1);
}

void arrayBad() {
  sluice::chan<int> two[2] = {sluice::chan<int>(1), sluice::chan<int>()};
  for (auto &c : two)
    c.send(1); // CHECK: :[[@LINE]]:{{.*}} [sluice-unreceived-send]
}

void backwardsOk() {
  std::vector<sluice::mutex *> held;
  sluice::mutex a, b;
  for (sluice::mutex *m : {&a, &b}) {
    m->lock();
    held.push_back(m);
  }
  for (auto it = held.rbegin(); it != held.rend(); ++it)
    (*it)->unlock();
  a.lock();
  a.unlock();
}

void mapBad() {
  std::map<std::string, sluice::chan<int>> by_name;
  by_name.emplace("a", sluice::chan<int>(1));
  by_name["a"].send(1);
  by_name["a"].send(2); // CHECK: :[[@LINE]]:{{.*}} [sluice-unreceived-send]
}

struct peer {
  explicit peer(int room) : inbox(room) {}
  sluice::chan<int> inbox;
};

void vectorOfObjectsOk() {
  std::vector<std::shared_ptr<peer>> peers;
  for (int i = 0; i < 3; ++i)
    peers.push_back(std::make_shared<peer>(1));
  for (const auto &p : peers)
    p->inbox.send(1);
}

void weakOk() {
  auto p = std::make_shared<peer>(0);
  std::weak_ptr<peer> w = p;
  sluice::go([p] { p->inbox.recv(); });
  if (auto strong = w.lock())
    strong->inbox.send(1);
}

void optionalBad() {
  std::optional<sluice::chan<int>> c;
  c.emplace();
  if (c)
    c->send(1); // CHECK: :[[@LINE]]:{{.*}} [sluice-unreceived-send]
}

void bindingOk() {
  auto [in, out] = std::make_pair(sluice::chan<int>(1), sluice::chan<int>());
  in.send(1);
  out.close();
}

void channelOfChannelsOk() {
  sluice::chan<sluice::chan<int>> requests;
  sluice::go([requests] {
    while (auto reply = requests.recv())
      reply->send(1);
  });
  sluice::chan<int> mine;
  requests.send(mine);
  mine.recv();
  requests.close();
}

void channelOfObjectsBad() {
  sluice::chan<std::shared_ptr<peer>> c(1);
  c.send(std::make_shared<peer>(0));
  auto p = c.recv();
  (*p)->inbox.send(1); // CHECK: :[[@LINE]]:{{.*}} [sluice-unreceived-send]
}

class node : public std::enable_shared_from_this<node> {
public:
  void start() {
    sluice::go([self = shared_from_this()] { self->done_.close(); });
  }
  void wait() { done_.recv(); }

private:
  sluice::chan<> done_;
};

void sharedFromThisOk() {
  auto n = std::make_shared<node>();
  n->start();
  n->wait();
}

// CHECK: {{ }}2 without verdict (2 not reached)

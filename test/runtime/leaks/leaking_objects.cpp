// Programs that leak: objects, callbacks and handlers that keep each other and are kept by nobody.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "program.hpp"

#include <functional>
#include <list>
#include <map>
#include <set>
#include <string>
#include <variant>

using namespace leaks;

namespace {

// Subject and observer know each other.
struct observer;
struct subject {
  std::vector<std::shared_ptr<observer>> observers;
  sluice::chan<int> changes;
};
struct observer {
  std::shared_ptr<subject> of;
  void watch() {
    for (int change : of->changes)
      last = change;
  }
  int last = 0;
};

void observer_and_subject() {
  auto s = std::make_shared<subject>();
  for (int i = 0; i < 2; ++i) {
    auto o = std::make_shared<observer>();
    o->of = s;
    s->observers.push_back(o);
    sluice::go([o] { o->watch(); });
  }
}

// Two actors with each other's address.
class actor : public std::enable_shared_from_this<actor> {
public:
  void start() {
    sluice::go([self = shared_from_this()] {
      for (std::string m : self->mailbox)
        self->peer->mailbox.send("re: " + m);
    });
  }
  std::shared_ptr<actor> peer;

private:
  sluice::chan<std::string> mailbox{1};
};

void actors_that_know_each_other() {
  auto a = std::make_shared<actor>(), b = std::make_shared<actor>();
  a->peer = b;
  b->peer = a;
  a->start();
  b->start();
}

// A protocol as states in a variant, whose next event does not come.
struct greeting {};
struct talking {
  int lines = 0;
};
struct machine {
  std::variant<greeting, talking> state;
  sluice::chan<std::string> events;
  void run() {
    for (std::string e : events) {
      if (std::holds_alternative<greeting>(state) && e == "hello")
        state = talking();
      else if (auto *t = std::get_if<talking>(&state))
        ++t->lines;
    }
  }
};

void machine_without_events() {
  auto m = std::make_shared<machine>();
  sluice::go([m] { m->run(); });
  m->events.send("hello");
}

// Handlers behind a base class, in a vector that their tasks share.
struct handler {
  virtual ~handler() = default;
  virtual void serve() = 0;
};
struct reader : handler {
  sluice::chan<int> requests;
  void serve() override { requests.recv(); }
};
struct writer : handler {
  sluice::chan<int> responses;
  void serve() override { responses.send(200); }
};

void handlers_behind_a_base_class() {
  auto all = std::make_shared<std::vector<std::unique_ptr<handler>>>();
  all->push_back(std::make_unique<reader>());
  all->push_back(std::make_unique<writer>());
  for (std::size_t i = 0; i < all->size(); ++i)
    sluice::go([all, i] { (*all)[i]->serve(); });
}

// A button keeps the function that keeps the button.
struct button {
  std::function<void()> on_click;
  sluice::chan<> clicks;
};

void callback_that_keeps_itself() {
  auto b = std::make_shared<button>();
  b->on_click = [b] { b->clicks.send({}); };
  sluice::go([b] {
    while (b->clicks.recv())
      b->on_click();
  });
}

// A callback interface turned into a channel; the callback is dropped uncalled.
void bridge_from_a_callback() {
  std::vector<std::function<void(int)>> operations;
  auto result = std::make_shared<sluice::chan<int>>();
  operations.push_back([result](int v) { result->send(v); });
  sluice::go([result] { result->recv(); });
  operations.clear();
}

// A service by the curiously recurring template.
template <class Self> class service : public std::enable_shared_from_this<Self> {
public:
  void start() {
    sluice::go([self = this->shared_from_this()] {
      while (auto job = self->inbox.recv())
        self->handle(*job);
    });
  }

protected:
  sluice::chan<int> inbox;
};
struct mailer : service<mailer> {
  int sent = 0;
  void handle(int n) { sent += n; }
};

void service_without_an_owner() { std::make_shared<mailer>()->start(); }

// Plugins by name; the registry goes, their tasks stay.
void plugins_of_a_dropped_registry() {
  struct plugin {
    std::string name;
    sluice::chan<std::string> calls;
  };
  std::map<std::string, std::shared_ptr<plugin>> registry;
  for (const char *name : {"auth", "log", "trace"}) {
    auto p = std::make_shared<plugin>();
    p->name = name;
    registry[name] = p;
    sluice::go([p] {
      for (std::string call : p->calls)
        p->name += call;
    });
  }
}

// The guard that would close the channel is released.
class closer {
public:
  explicit closer(sluice::chan<int> c) : c(std::move(c)) {}
  ~closer() {
    if (c)
      c.close();
  }
  void release() { c = nullptr; }

private:
  sluice::chan<int> c;
};

void guard_that_was_released() {
  sluice::chan<int> c;
  closer guard(c);
  sluice::go([c] {
    for (int v : c)
      (void)v;
  });
  guard.release();
}

// Each waits for the one before it, and the first for what nobody does.
struct link {
  sluice::chan<> done;
  std::shared_ptr<link> previous;
};

void chain_without_a_start() {
  auto last = std::make_shared<link>();
  for (int i = 0; i < 5; ++i) {
    auto next = std::make_shared<link>();
    next->previous = last;
    sluice::go([next] {
      next->previous->done.recv();
      next->done.close();
    });
    last = next;
  }
}

// A pool of connections that all are lent out for good.
class pool {
public:
  explicit pool(int size) : idle(size) {
    for (int i = 0; i < size; ++i)
      idle.send(std::make_unique<int>(i));
  }
  std::unique_ptr<int> lend() { return std::move(*idle.recv()); }

private:
  sluice::chan<std::unique_ptr<int>> idle;
};

void pool_that_is_lent_out() {
  auto p = std::make_shared<pool>(2);
  auto forgotten = p->lend();
  auto lost = p->lend();
  for (int i = 0; i < 2; ++i)
    sluice::go([p] { p->lend(); });
}

// Sessions in nodes of a list and a set, with pointers in all directions.
void sessions_in_lists_and_sets() {
  struct session {
    sluice::chan<int> input;
    session *neighbour = nullptr;
  };
  struct server {
    std::list<session> sessions;
    std::set<session *> active;
  };
  auto s = std::make_shared<server>();
  for (int i = 0; i < 3; ++i) {
    session &fresh = s->sessions.emplace_back();
    fresh.neighbour = &s->sessions.front();
    s->active.insert(&fresh);
    sluice::go([s, &fresh] { fresh.input.recv(); });
  }
}

// A weak pointer can no longer be locked, and holds only the counters.
struct settings {
  sluice::chan<int> updates;
};
std::weak_ptr<settings> last_settings;

void weak_pointer_that_has_expired() {
  auto s = std::shared_ptr<settings>(new settings);
  last_settings = s;
  sluice::go([updates = s->updates] { updates.recv(); });
}

// A process so large that it is looked through in a copy of itself.
void observers_in_a_large_process() {
  static std::vector<char> large(100 << 20, 'x');
  observer_and_subject();
}

const enter all{
    {"observers_in_a_large_process", observers_in_a_large_process, 2},
    {"observer_and_subject", observer_and_subject, 2},
    {"actors_that_know_each_other", actors_that_know_each_other, 2},
    {"machine_without_events", machine_without_events, 1},
    {"handlers_behind_a_base_class", handlers_behind_a_base_class, 2},
    {"callback_that_keeps_itself", callback_that_keeps_itself, 1},
    {"bridge_from_a_callback", bridge_from_a_callback, 1},
    {"service_without_an_owner", service_without_an_owner, 1},
    {"plugins_of_a_dropped_registry", plugins_of_a_dropped_registry, 3},
    {"guard_that_was_released", guard_that_was_released, 1},
    {"chain_without_a_start", chain_without_a_start, 5},
    {"pool_that_is_lent_out", pool_that_is_lent_out, 2},
    {"sessions_in_lists_and_sets", sessions_in_lists_and_sets, 3},
    {"weak_pointer_that_has_expired", weak_pointer_that_has_expired, 1},
};

} // namespace

// Programs that leak: servers and clients that give up before the answer comes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "program.hpp"

#include <map>
#include <stdexcept>
#include <string>
#include <unordered_map>

using namespace leaks;

namespace {

struct answer {
  int replica = 0;
  std::string text;
};

// The first of three replicas wins; nobody takes the other answers.
void first_answer_wins() {
  sluice::chan<answer> answers;
  for (int replica = 0; replica < 3; ++replica)
    sluice::go([=] { answers.send({replica, "value"}); });
  answers.recv();
}

// The caller gives up before the slow query is done.
void answer_after_the_timeout() {
  sluice::chan<std::string> result;
  sluice::go([result] {
    sluice::sleep_for(5ms);
    result.send("too late");
  });
  std::optional<std::string> got;
  sluice::select(sluice::on_recv(result, got), sluice::on_recv(sluice::after(1ms)));
}

// A connection and its writer keep each other; nobody closes the outbox.
class connection : public std::enable_shared_from_this<connection> {
public:
  void open() {
    sluice::go([self = shared_from_this()] { self->write_all(); });
  }
  void post(std::string frame) { outbox.send(std::move(frame)); }

private:
  void write_all() {
    for (std::string frame : outbox)
      written += frame.size();
  }
  sluice::chan<std::string> outbox{8};
  std::size_t written = 0;
};

void connection_is_not_closed() {
  auto c = std::make_shared<connection>();
  c->open();
  c->post("hello");
}

// Each attempt has a channel of its own, and only the last one is read.
void attempts_of_a_retry() {
  auto attempt = [](int n) {
    sluice::chan<int> done;
    sluice::go([=] {
      sluice::sleep_for(std::chrono::milliseconds(2));
      done.send(n);
    });
    std::optional<int> got;
    return sluice::select(sluice::on_recv(done, got),
                          sluice::on_recv(sluice::after(n == 3 ? 1000ms : 0ms))) == 0;
  };
  for (int n = 1; !attempt(n); ++n)
    ;
}

// The first failure ends the request; the other workers cannot report theirs.
void errors_that_nobody_reads() {
  sluice::chan<std::exception_ptr> errors;
  for (int shard = 0; shard < 4; ++shard)
    sluice::go([=] {
      try {
        throw std::runtime_error("shard " + std::to_string(shard));
      } catch (...) {
        errors.send(std::current_exception());
      }
    });
  if (std::optional<std::exception_ptr> first = errors.recv())
    return;
}

// Parsing throws while the reader still has lines to give.
void exception_before_the_end_of_a_stream() {
  sluice::chan<std::string> lines;
  sluice::go([lines] {
    for (const char *line : {"1", "x", "3"})
      lines.send(line);
    lines.close();
  });
  try {
    for (std::string line : lines)
      static_cast<void>(std::stoi(line));
  } catch (const std::invalid_argument &) {
  }
}

// A client waits for replies by number; its reader is in a cycle with it.
class rpc_client : public std::enable_shared_from_this<rpc_client> {
public:
  void start() {
    sluice::go([self = shared_from_this()] { self->read_replies(); });
  }
  void call(int number) {
    sluice::chan<std::string> reply;
    {
      std::lock_guard hold(guards_pending);
      pending.emplace(number, reply);
    }
    sluice::go([self = shared_from_this(), reply] { reply.recv(); });
  }

private:
  void read_replies() {
    for (std::pair<int, std::string> frame : wire) {
      std::lock_guard hold(guards_pending);
      pending.at(frame.first).send(frame.second);
      pending.erase(frame.first);
    }
  }
  sluice::mutex guards_pending;
  std::unordered_map<int, sluice::chan<std::string>> pending;
  sluice::chan<std::pair<int, std::string>> wire;
};

void calls_on_a_dead_wire() {
  auto client = std::make_shared<rpc_client>();
  client->start();
  client->call(1);
  client->call(2);
}

// The listing is left after two pages.
sluice::recv_chan<std::vector<int>> pages() {
  sluice::chan<std::vector<int>> out;
  sluice::go([out] {
    for (int page = 0; page < 100; ++page)
      out.send(std::vector<int>(10, page));
    out.close();
  });
  return out;
}

void listing_left_early() {
  int seen = 0;
  for (std::vector<int> page : pages())
    if (++seen == 2 && page.size() == 10)
      break;
}

// The hub waits for a subscriber that has gone without a word.
struct hub {
  std::vector<sluice::chan<int>> subscribers;
  sluice::chan<int> events;
  void run() {
    for (int event : events)
      for (const auto &s : subscribers)
        s.send(event);
  }
};

void subscriber_that_went_away() {
  auto h = std::make_shared<hub>();
  h->subscribers.resize(3);
  sluice::go([h] { h->run(); });
  sluice::go([events = h->events] { events.send(1); });
  h->subscribers[0].recv();
}

// The acceptor is kept by its own task only.
class listener : public std::enable_shared_from_this<listener> {
public:
  void listen() {
    accept = [self = shared_from_this()] {
      while (auto socket = self->incoming.recv())
        self->sessions[*socket] = sluice::chan<int>();
    };
    sluice::go([self = shared_from_this()] { self->accept(); });
  }

private:
  std::function<void()> accept;
  sluice::chan<int> incoming{4};
  std::map<int, sluice::chan<int>> sessions;
};

void listener_without_close() { std::make_shared<listener>()->listen(); }

// A proxy copies both ways; each direction waits for the other's end.
void half_closed_proxy() {
  struct tunnel {
    sluice::chan<int> up, down, up_ended, down_ended;
  };
  auto t = std::make_shared<tunnel>();
  sluice::go([t] {
    t->down_ended.recv();
    t->up_ended.close();
  });
  sluice::go([t] {
    t->up_ended.recv();
    t->down_ended.close();
  });
}

// A health checker asks a backend that has ended, and everybody asks the checker.
void health_of_an_ended_backend() {
  struct backend {
    sluice::chan<sluice::chan<bool>> questions;
  };
  auto b = std::make_shared<backend>();
  sluice::chan<bool> health;
  sluice::go([b, health] {
    sluice::chan<bool> reply;
    b->questions.send(reply);
    health.send(reply.recv().value_or(false));
  });
  sluice::go([health] { health.recv(); });
}

const enter all{
    {"first_answer_wins", first_answer_wins, 2},
    {"answer_after_the_timeout", answer_after_the_timeout, 1},
    {"connection_is_not_closed", connection_is_not_closed, 1},
    {"attempts_of_a_retry", attempts_of_a_retry, 2},
    {"errors_that_nobody_reads", errors_that_nobody_reads, 3},
    {"exception_before_the_end_of_a_stream", exception_before_the_end_of_a_stream, 1},
    {"calls_on_a_dead_wire", calls_on_a_dead_wire, 3},
    {"listing_left_early", listing_left_early, 1},
    {"subscriber_that_went_away", subscriber_that_went_away, 1},
    {"listener_without_close", listener_without_close, 1},
    {"half_closed_proxy", half_closed_proxy, 2},
    {"health_of_an_ended_backend", health_of_an_ended_backend, 2},
};

} // namespace

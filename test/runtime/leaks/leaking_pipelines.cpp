// Programs that leak: pipelines, streams and generators with an end missing.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "program.hpp"

#include <array>
#include <string>
#include <utility>

using namespace leaks;

namespace {

sluice::recv_chan<int> numbers() {
  sluice::chan<int> out;
  sluice::go([out] {
    for (int i = 0; i < 1000; ++i)
      out.send(i);
    out.close();
  });
  return out;
}

sluice::recv_chan<int> squares(sluice::recv_chan<int> in) {
  sluice::chan<int> out;
  sluice::go([in, out] {
    for (int v : in)
      out.send(v * v);
    out.close();
  });
  return out;
}

// The last stage's reader is content with three numbers.
void three_stages_without_a_reader() {
  auto last = squares(squares(numbers()));
  for (int i = 0; i < 3; ++i)
    last.recv();
}

// Stages own the next one, and a task the first.
struct stage {
  sluice::chan<std::string> in{1};
  std::unique_ptr<stage> next;
  void run() {
    for (std::string s : in)
      if (next)
        next->in.send(s + "!");
  }
};

void stages_in_unique_pointers() {
  std::unique_ptr<stage> head;
  for (int i = 0; i < 3; ++i) {
    auto s = std::make_unique<stage>();
    s->next = std::move(head);
    head = std::move(s);
  }
  stage *middle = head->next.get();
  sluice::chan<> started;
  sluice::go([middle, started] {
    started.close();
    middle->run();
  });
  started.recv();
  sluice::go([head = std::move(head)] { head->run(); });
}

// Two inputs are merged into an output that nobody has.
void merged_output_dropped() {
  sluice::chan<int> merged;
  for (auto in : {numbers(), numbers()})
    sluice::go([in, merged] {
      for (int v : in)
        merged.send(v);
    });
  merged.recv();
}

// A batcher waits for the rest of its batch; whoever filled it has gone without a close.
class batcher {
public:
  explicit batcher(std::size_t size) : size(size) {}
  void run() {
    std::vector<int> batch;
    while (batch.size() < size)
      if (auto v = in.recv())
        batch.push_back(*v);
    full.send(batch);
  }
  sluice::chan<int> in{16};
  sluice::chan<std::vector<int>> full;

private:
  std::size_t size;
};

void batch_that_is_never_full() {
  auto b = std::make_shared<batcher>(10);
  sluice::go([b] { b->run(); });
  for (int i = 0; i < 7; ++i)
    b->in.send(i);
}

// Requests carry where to reply to, and lie in the buffer of a server that has ended.
void replies_in_the_buffer_of_a_dead_server() {
  sluice::chan<sluice::chan<int>> requests(4);
  for (int i = 0; i < 2; ++i)
    sluice::go([requests] {
      sluice::chan<int> reply;
      requests.send(reply);
      reply.recv();
    });
}

// One of two consumers of a tee leaves.
void tee_with_one_consumer() {
  sluice::chan<int> left, right;
  sluice::go([in = numbers(), left, right] {
    for (int v : in) {
      left.send(v);
      right.send(v);
    }
  });
  left.recv();
}

// Four tasks pass a token around, which nobody ever made.
void ring_without_a_token() {
  std::array<sluice::chan<int>, 4> links;
  for (std::size_t i = 0; i < links.size(); ++i)
    sluice::go([in = links[i], out = links[(i + 1) % 4]] {
      while (auto token = in.recv())
        out.send(*token + 1);
    });
}

// The sender waits for an acknowledgement, the receiver for the second half of the message.
void window_that_never_opens() {
  struct session {
    sluice::chan<std::string> data;
    sluice::chan<int> acknowledged;
  };
  auto s = std::make_shared<session>();
  sluice::go([s] {
    s->data.send("first half");
    s->acknowledged.recv();
    s->data.send("second half");
  });
  sluice::go([s] {
    std::string message = *s->data.recv();
    message += *s->data.recv();
    s->acknowledged.send(1);
  });
}

// A walk over a tree, deep on its stack when the search is over.
struct tree {
  int value;
  std::unique_ptr<tree> left, right;
};

std::unique_ptr<tree> grow(int from, int to) {
  if (from >= to)
    return nullptr;
  int middle = (from + to) / 2;
  return std::unique_ptr<tree>(new tree{middle, grow(from, middle), grow(middle + 1, to)});
}

void walk(const tree *t, const sluice::send_chan<int> &out) {
  if (!t)
    return;
  walk(t->left.get(), out);
  out.send(t->value);
  walk(t->right.get(), out);
}

void walk_of_a_tree_given_up() {
  sluice::chan<int> visited;
  sluice::go([visited, root = std::shared_ptr<tree>(grow(0, 1000))] {
    walk(root.get(), visited);
    visited.close();
  });
  for (int v : visited)
    if (v == 7)
      break;
}

// The prime sieve, left after the fourth prime.
void sieve_left_standing() {
  sluice::recv_chan<int> in = numbers();
  in.recv();
  in.recv();
  for (int i = 0; i < 4; ++i) {
    int prime = *in.recv();
    sluice::chan<int> out;
    sluice::go([in, out, prime] {
      for (int v : in)
        if (v % prime != 0)
          out.send(v);
      out.close();
    });
    in = out;
  }
}

// A generator in the manner of coroutines: it waits to be resumed.
class generator {
public:
  generator() {
    sluice::go([resume = resume, yielded = yielded] {
      for (int a = 0, b = 1; resume.recv(); std::swap(a, b), b += a)
        yielded.send(a);
    });
  }
  int next() {
    resume.send({});
    return *yielded.recv();
  }

private:
  sluice::chan<> resume;
  sluice::chan<int> yielded;
};

void generator_that_is_not_resumed() {
  generator fibonacci;
  int sum = 0;
  while (sum < 20)
    sum += fibonacci.next();
}

// Windows of a stream, as objects of 4 KiB by value.
void large_values_in_flight() {
  using frame = std::array<char, 4096>;
  sluice::chan<frame> frames(2);
  sluice::go([frames] {
    for (char c = 'a'; c <= 'z'; ++c) {
      frame f;
      f.fill(c);
      frames.send(f);
    }
  });
  frames.recv();
}

const enter all{
    {"three_stages_without_a_reader", three_stages_without_a_reader, 3},
    {"stages_in_unique_pointers", stages_in_unique_pointers, 2},
    {"merged_output_dropped", merged_output_dropped, 4},
    {"batch_that_is_never_full", batch_that_is_never_full, 1},
    {"replies_in_the_buffer_of_a_dead_server", replies_in_the_buffer_of_a_dead_server, 2},
    {"tee_with_one_consumer", tee_with_one_consumer, 2},
    {"ring_without_a_token", ring_without_a_token, 4},
    {"window_that_never_opens", window_that_never_opens, 2},
    {"walk_of_a_tree_given_up", walk_of_a_tree_given_up, 1},
    {"sieve_left_standing", sieve_left_standing, 5},
    {"generator_that_is_not_resumed", generator_that_is_not_resumed, 1},
    {"large_values_in_flight", large_values_in_flight, 1},
};

} // namespace

// A fan-in serves whichever source is ready; a source that ends is not taken out while another
// still waits for room.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <vector>

class source {
public:
  explicit source(int n) : n_(n) {}
  void run() {
    for (int i = 0; i < n_; ++i)
      out.send(i); // sluice: unreceived-send
#ifdef REPAIRED
    out.close();
#endif
  }
  sluice::chan<int> out;

private:
  int n_;
};

class fan_in {
public:
  void add(std::shared_ptr<source> s) { sources_.push_back(std::move(s)); }

  int serve() {
    int total = 0;
    for (auto &s : sources_)
      sluice::go("source", [s] { s->run(); });
#ifdef REPAIRED
    for (auto &s : sources_)
      for (int v : s->out)
        total += v;
#else
    for (auto &s : sources_)
      if (auto v = s->out.recv())
        total += *v;
#endif
    return total;
  }

private:
  std::vector<std::shared_ptr<source>> sources_;
};

int main() {
  return sluice::run([] {
    fan_in f;
    f.add(std::make_shared<source>(1));
    f.add(std::make_shared<source>(2));
    return f.serve();
  });
}

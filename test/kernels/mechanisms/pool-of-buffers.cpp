// A pool of buffers is a channel; an early return does not give its buffer back.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <optional>

struct buffer {
  int size = 0;
};

class pool {
public:
  explicit pool(int n) : free_(static_cast<std::size_t>(n)) {
    for (int i = 0; i < n; ++i)
      free_.send(std::make_shared<buffer>());
  }
  std::shared_ptr<buffer> get() {
    return *free_.recv(); // sluice: starved-receive
  }
  void put(std::shared_ptr<buffer> b) { free_.send(std::move(b)); }

private:
  sluice::chan<std::shared_ptr<buffer>> free_;
};

bool parse(const buffer &b);

bool handle(pool &p) {
  auto b = p.get();
#ifdef REPAIRED
  sluice::defer back([&] { p.put(b); });
  return parse(*b);
#else
  if (!parse(*b))
    return false;
  p.put(b);
  return true;
#endif
}

int main() {
  sluice::run([] {
    pool p(1);
    handle(p);
    handle(p);
  });
}

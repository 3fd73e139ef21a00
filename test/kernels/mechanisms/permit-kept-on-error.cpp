// An upload that fails keeps its permit, so the next one waits for ever.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>

class source {
public:
  virtual ~source() = default;
  virtual bool read(int &value) = 0;
};

class broken_source : public source {
public:
  bool read(int &) override { return false; }
};

class uploader {
public:
  bool upload(source &from) {
    permits_.acquire(); // sluice: unfulfilled-wait
    int value = 0;
    if (!from.read(value)) {
#ifdef REPAIRED
      permits_.release();
#endif
      return false;
    }
    sent_ += value;
    permits_.release();
    return true;
  }

private:
  sluice::semaphore permits_{1};
  int sent_ = 0;
};

int main() {
  sluice::run([] {
    uploader u;
    std::unique_ptr<source> from = std::make_unique<broken_source>();
    if (!u.upload(*from))
      u.upload(*from);
  });
}

// The reader leaves on the first error while the fetchers go on sending.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <string>
#include <vector>

struct reply {
  std::string body;
  bool failed = false;
};

class transport {
public:
  virtual ~transport() = default;
  virtual reply fetch(const std::string &url) = 0;
};

class flaky_transport final : public transport {
public:
  reply fetch(const std::string &url) override { return {url, true}; }
};

class crawler {
public:
  explicit crawler(std::shared_ptr<transport> by) : by_(std::move(by)) {}

  bool fetch_all(const std::vector<std::string> &urls) {
#ifdef REPAIRED
    sluice::chan<reply> replies(urls.size());
#else
    sluice::chan<reply> replies;
#endif
    for (const std::string &url : urls)
      sluice::go("fetch", [this, url, replies] {
        replies.send(by_->fetch(url)); // sluice: unreceived-send
      });
    for (std::size_t i = 0; i < urls.size(); ++i) {
      auto r = replies.recv();
      if (r->failed)
        return false;
    }
    return true;
  }

private:
  std::shared_ptr<transport> by_;
};

int main() {
  sluice::run([] {
    crawler c(std::make_shared<flaky_transport>());
    return c.fetch_all({"a", "b", "c"}) ? 1 : 0;
  });
}

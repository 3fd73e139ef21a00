// Each of several replicas reports its error; the caller leaves at the first one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <string>
#include <system_error>
#include <vector>

class connection {
public:
  explicit connection(std::string address) : address_(std::move(address)) {}
  std::error_code dial() const {
    return address_.empty() ? std::make_error_code(std::errc::invalid_argument) : std::error_code();
  }

private:
  std::string address_;
};

std::error_code dial_all(const std::vector<connection> &replicas) {
#ifdef REPAIRED
  sluice::chan<std::error_code> errors(replicas.size());
#else
  sluice::chan<std::error_code> errors;
#endif
  for (const connection &replica : replicas)
    sluice::go("dial", [errors, replica] {
      errors.send(replica.dial()); // sluice: unreceived-send
    });
  for (std::size_t i = 0; i < replicas.size(); ++i)
    if (auto failed = errors.recv(); *failed)
      return *failed;
  return {};
}

int main() {
  sluice::run([] {
    std::vector<connection> replicas;
    replicas.emplace_back("");
    replicas.emplace_back("");
    replicas.emplace_back("c");
    return dial_all(replicas) ? 1 : 0;
  });
}

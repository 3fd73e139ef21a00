// The request's parent leaves by its time-out; the worker is left sending its result or its error.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <functional>
#include <stdexcept>
#include <string>

using namespace std::chrono_literals;

using operation = std::function<std::string()>;

std::string finish_request(std::chrono::milliseconds limit, operation fn) {
#ifdef REPAIRED
  sluice::chan<std::string> results(1);
  sluice::chan<std::string> errors(1);
#else
  sluice::chan<std::string> results;
  sluice::chan<std::string> errors;
#endif
  sluice::go("worker", [results, errors, fn] {
    std::string answer = fn();
    if (answer.empty())
      errors.send("no answer"); // sluice: unreceived-send
    else
      results.send(answer); // sluice: unreceived-send
  });
  std::optional<std::string> result;
  std::optional<std::string> error;
  switch (sluice::select(sluice::on_recv(results, result), sluice::on_recv(errors, error),
                         sluice::on_recv(sluice::after(limit)))) {
  case 0:
    return *result;
  case 1:
    return *error;
  default:
    return "timeout";
  }
}

int main() {
  sluice::run([] {
    finish_request(1ms, [] {
      sluice::sleep_for(10ms);
      return std::string("late");
    });
    sluice::sleep_for(20ms);
  });
}

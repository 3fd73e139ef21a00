// 'ThrowingCalls' names functions out of sight that may throw; what happens on that way out is explored then.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check %s -- %flags
// RUN: not sluice check --check-option 'sluice.ThrowingCalls=app::parse; std::stoi;app::Line::Line' %s -- %flags | FileCheck --implicit-check-not=warning: --check-prefixes=CHECK,NAMED %s
// RUN: not sluice check --check-option 'sluice.ThrowingCalls=app::*' %s -- %flags | FileCheck --implicit-check-not=warning: %s
// RUN: clang-tidy -load %tidy-plugin -checks='-*,sluice-*' %s -- %flags | FileCheck --allow-empty --implicit-check-not=warning: --check-prefix=NONE %s
// RUN: clang-tidy -load %tidy-plugin -checks='-*,sluice-*' --config='{CheckOptions: {sluice.ThrowingCalls: "app::*"}}' %s -- %flags | FileCheck --implicit-check-not=warning: %s
// NONE-NOT: error
#include <mutex>
#include <string>

namespace app {
int parse(int text);
int measure(int text) noexcept;
inline int shown(int text) { return text + 1; }
class Line {
public:
  explicit Line(int text);
};
} // namespace app

int parseBad(int text) {
  std::mutex m;
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-missing-unlock]
  m.lock();
  int number = app::parse(text);
  m.unlock();
  return number;
}

int systemBad(const std::string &text) {
  std::mutex m;
  // NAMED: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-missing-unlock]
  m.lock();
  int number = std::stoi(text);
  m.unlock();
  return number;
}

void constructorBad(int text) {
  std::mutex m;
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-missing-unlock]
  m.lock();
  app::Line line(text);
  m.unlock();
}

int guardOk(int text) {
  std::mutex m;
  std::lock_guard lock(m);
  return app::parse(text);
}

int caughtOk(int text) {
  std::mutex m;
  m.lock();
  int number = 0;
  try {
    number = app::parse(text);
  } catch (...) {
    number = -1;
  }
  m.unlock();
  return number;
}

int noexceptOk(int text) {
  std::mutex m;
  m.lock();
  int number = app::measure(text);
  m.unlock();
  return number;
}

int inSightOk(int text) {
  std::mutex m;
  m.lock();
  int number = app::shown(text);
  m.unlock();
  return number;
}

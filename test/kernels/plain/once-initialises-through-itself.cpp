// The instance's constructor asks for the instance again, inside call_once.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <memory>
#include <mutex>

class settings {
public:
  static settings &instance();
  int level() const { return level_; }

private:
  settings();
  int level_ = 1;
  static std::once_flag once;
  static std::unique_ptr<settings> only;
};

std::once_flag settings::once;
std::unique_ptr<settings> settings::only;

static int default_level() {
#ifdef REPAIRED
  return 2;
#else
  return settings::instance().level() + 1;
#endif
}

settings::settings() : level_(default_level()) {}

settings &settings::instance() {
  std::call_once(once, [] { only.reset(new settings); }); // sluice: deadlock
  return *only;
}

int main() { return settings::instance().level() != 2; }

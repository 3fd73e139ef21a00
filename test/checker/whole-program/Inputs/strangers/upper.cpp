#include "own.hpp"
void upperBad() {
  std::lock_guard outer(upper);
  std::lock_guard inner(lower);
}

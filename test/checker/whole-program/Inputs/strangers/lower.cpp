#include "own.hpp"
void lowerBad() {
  std::lock_guard outer(lower);
  std::lock_guard inner(upper);
}

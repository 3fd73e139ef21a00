// Stands elsewhere than in the other program.
#include "own.hpp"
// two
struct Pair {
  std::mutex a, b;
  int n = 0;
};
std::mutex first, second;
void twoFieldsOk(Pair &pair) {
  std::lock_guard outer(pair.b);
  std::lock_guard inner(pair.a);
  ++pair.n;
}
void twoGlobalsOk() {
  std::lock_guard outer(second);
  std::lock_guard inner(first);
}
void twoStaticsOk() {
  std::lock_guard outer(right);
  std::lock_guard inner(left);
}

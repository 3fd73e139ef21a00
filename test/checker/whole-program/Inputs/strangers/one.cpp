#include "own.hpp"
// one
struct Pair {
  std::mutex a, b;
  int n = 0;
};
std::mutex first, second;
void oneFieldsOk(Pair &pair) {
  std::lock_guard outer(pair.a);
  std::lock_guard inner(pair.b);
  ++pair.n;
}
void oneGlobalsOk() {
  std::lock_guard outer(first);
  std::lock_guard inner(second);
}
void oneStaticsOk() {
  std::lock_guard outer(left);
  std::lock_guard inner(right);
}

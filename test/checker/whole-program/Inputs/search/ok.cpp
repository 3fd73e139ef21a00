#include "search.hpp"
int firstOk(bool hurry) {
  sluice::chan<int> results = startSearch();
  int first = results.recv().value_or(0);
  return hurry ? 0 : first;
}

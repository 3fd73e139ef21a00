#include "search.hpp"
int firstBad(bool hurry) {
  sluice::chan<int> results = startSearch();
  if (hurry)
    return 0;
  return results.recv().value_or(0);
}

#include "caller.hpp"
#include "search/search.hpp"
int first(bool hurry) {
  sluice::chan<int> results = startSearch();
  if (hurry)
    return 0;
  return results.recv().value_or(0);
}

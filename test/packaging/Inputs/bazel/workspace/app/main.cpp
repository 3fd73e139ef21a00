#include <caller.hpp>

int generated();
extern "C" int plain(const char *name);

int main(int count, char **) {
  return first(count > generated()) + CALLERS + plain(NAME);
}

#pragma once
#include <mutex>
struct Bank {
  std::mutex gate, accounts, journal;
  int n = 0;
};

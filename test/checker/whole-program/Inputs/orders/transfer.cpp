#include "bank.hpp"
void transfer(Bank &bank) {
  std::lock_guard first(bank.accounts);
  std::lock_guard second(bank.journal);
  ++bank.n;
}

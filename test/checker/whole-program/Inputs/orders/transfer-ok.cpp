#include "bank.hpp"
void transferOk(Bank &bank) {
  std::lock_guard gate(bank.gate);
  std::lock_guard first(bank.accounts);
  std::lock_guard second(bank.journal);
  ++bank.n;
}

#include "bank.hpp"
void auditOk(Bank &bank) {
  std::lock_guard gate(bank.gate);
  std::lock_guard first(bank.journal);
  std::lock_guard second(bank.accounts);
  ++bank.n;
}

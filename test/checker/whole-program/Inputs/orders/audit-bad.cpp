#include "bank.hpp"
void auditBad(Bank &bank) {
  std::lock_guard first(bank.journal);
  std::lock_guard second(bank.accounts);
  ++bank.n;
}

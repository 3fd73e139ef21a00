// Two actors ask each other from inside their message handlers and wait for the answers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>

struct question {
  int number = 0;
  sluice::send_chan<int> answer;
};

class actor {
public:
  virtual ~actor() = default;

  int ask(int n) {
    sluice::chan<int> answer(1);
    mailbox_.send({n, answer});
    return answer.recv().value_or(0); // sluice: starved-receive
  }

  void start() {
    sluice::go("actor", [this] {
      while (auto q = mailbox_.recv())
        q->answer.send(receive(q->number));
    });
  }
  void stop() { mailbox_.close(); }

protected:
  virtual int receive(int n) = 0;

private:
  sluice::chan<question> mailbox_{4};
};

class ledger : public actor {
public:
  void set_auditor(actor *a) { auditor_ = a; }

protected:
  int receive(int n) override {
    if (n > 2)
      return auditor_->ask(n - 1);
    return n;
  }

private:
  actor *auditor_ = nullptr;
};

class auditor : public actor {
public:
  explicit auditor(actor &l) : ledger_(l) {}

protected:
  int receive(int n) override {
#ifdef REPAIRED
    return n;
#else
    return ledger_.ask(n);
#endif
  }

private:
  [[maybe_unused]] actor &ledger_;
};

int main() {
  sluice::run([] {
    ledger book;
    auditor check(book);
    book.set_auditor(&check);
    book.start();
    check.start();
    int sum = book.ask(7); // the other end of the chain
    book.stop();
    check.stop();
    sluice::sleep_for(std::chrono::milliseconds(10));
    return sum;
  });
}

// A request carries its own reply queue; the server answers on every path but the one for bad requests.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <deque>
#include <memory>
#include <mutex>

template <class T> class Mailbox {
public:
  void post(T letter) {
    std::lock_guard<sluice::mutex> lock(mutex_);
    letters_.push_back(std::move(letter));
    arrived_.notify_one();
  }
  T fetch() {
    std::unique_lock<sluice::mutex> lock(mutex_);
    while (letters_.empty())
      arrived_.wait(lock);
    T letter = std::move(letters_.front());
    letters_.pop_front();
    return letter;
  }

private:
  sluice::mutex mutex_;
  sluice::condition_variable arrived_;
  std::deque<T> letters_;
};

struct Request {
  int number;
  std::shared_ptr<Mailbox<int>> reply;
};

void serve(Mailbox<Request> &requests) {
  Request r = requests.fetch();
  if (r.number < 0) {
#ifdef REPAIRED
    r.reply->post(-1);
#endif
    return;
  }
  r.reply->post(r.number);
}

int ask(Mailbox<Request> &requests, int number) {
  auto reply = std::make_shared<Mailbox<int>>();
  requests.post({number, reply});
  return reply->fetch(); // sluice: starved-receive
}

int main(int argc, char **) {
  sluice::run([argc] {
    auto requests = std::make_shared<Mailbox<Request>>();
    sluice::go("server", [requests] { serve(*requests); });
    ask(*requests, argc > 1 ? -1 : 1);
  });
}

// Spans are batched by a task; a flush asks for the batch and waits for an answer that an empty
// batch never gives.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

using namespace std::chrono_literals;

struct span {
  int id;
};

class exporter {
public:
  virtual ~exporter() = default;
  virtual bool export_spans(const std::vector<span> &) = 0;
};

class null_exporter : public exporter {
public:
  bool export_spans(const std::vector<span> &batch) override { return !batch.empty(); }
};

class batch_processor {
public:
  explicit batch_processor(std::unique_ptr<exporter> e) : exporter_(std::move(e)) {
    worker_.add(1);
    sluice::go("batch", [this] {
      loop();
      worker_.done();
    });
  }
  ~batch_processor() { shutdown(); }

  void on_end(span s) { queue_.try_send(s); }

  bool force_flush() {
    sluice::chan<bool> answer(1);
    flushes_.send(answer);
    return answer.recv().value_or(false); // sluice: starved-receive
  }

  void shutdown() {
    once_.call([this] {
      quit_.close();
      worker_.wait();
    });
  }

private:
  void loop() {
    std::vector<span> batch;
    sluice::timer deadline(5s);
    for (;;) {
      std::optional<span> s;
      std::optional<sluice::chan<bool>> flush;
      switch (sluice::select(sluice::on_recv(queue_, s), sluice::on_recv(flushes_, flush),
                             sluice::on_recv(deadline.channel()), sluice::on_recv(quit_))) {
      case 0:
        batch.push_back(*s);
        if (batch.size() < 2)
          continue;
        send(batch);
        break;
      case 1:
#ifdef REPAIRED
        flush->send(batch.empty() || send(batch));
#else
        if (batch.empty())
          continue;
        flush->send(send(batch));
#endif
        break;
      case 2:
        send(batch);
        break;
      case 3:
        return;
      }
      deadline.reset(5s);
    }
  }
  bool send(std::vector<span> &batch) {
    bool ok = exporter_->export_spans(batch);
    batch.clear();
    return ok;
  }

  std::unique_ptr<exporter> exporter_;
  sluice::chan<span> queue_{8};
  sluice::chan<sluice::chan<bool>> flushes_;
  sluice::chan<> quit_;
  sluice::once once_;
  sluice::wait_group worker_;
};

int main() {
  sluice::run([] {
    batch_processor p(std::make_unique<null_exporter>());
    p.on_end({1});
    p.force_flush();
    p.force_flush();
  });
}

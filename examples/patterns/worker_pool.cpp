// A worker pool with channels for jobs and results, a wait group, and a task that closes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Use it to bound how much work runs at once. Only the pool knows when the last result has been
// sent, so it closes the results: the caller just ranges over them.
#include <sluice/sluice.hpp>

#include <cstdio>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace {

/// A line of text and its place in the input.
struct job {
  std::size_t index;
  std::string line;
};

/// What came of a job.
struct result {
  std::size_t index;
  std::size_t words;
};

std::size_t count_words(const std::string &line) {
  std::istringstream in(line);
  std::size_t words = 0;
  for (std::string word; in >> word;)
    ++words;
  return words;
}

/// Counts words in many lines at once, by a fixed number of tasks.
class word_counter {
public:
  explicit word_counter(int workers) : workers_(workers) {}

  std::vector<std::size_t> count(const std::vector<std::string> &lines) {
    sluice::chan<job> jobs;
    sluice::chan<result> results;
    sluice::wait_group running;

    for (int i = 0; i < workers_; ++i) {
      running.add(1);
      sluice::go("worker", [&running, jobs, results] {
        sluice::defer done([&running] { running.done(); });
        for (const job &next : jobs)
          results.send({next.index, count_words(next.line)});
      });
    }
    sluice::go("feeder", [jobs, &lines] {
      for (std::size_t i = 0; i < lines.size(); ++i)
        jobs.send({i, lines[i]});
      jobs.close();
    });
    sluice::go("closer", [&running, results] {
      running.wait();
      results.close();
    });

    std::vector<std::size_t> words(lines.size());
    for (const result &one : results)
      words[one.index] = one.words;
    return words;
  }

private:
  int workers_;
};

} // namespace

int main() {
  sluice::run([] {
    word_counter counter(3);
    for (std::size_t words : counter.count({"a heron", "stands still by the weir", "", "waiting"}))
      std::printf("%zu\n", words);
  });
}

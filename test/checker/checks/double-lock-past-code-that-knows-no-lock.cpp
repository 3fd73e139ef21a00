// What is done under a lock may be as large as it wants: functions that know of no lock are passed over,
// with their loops and exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-*,double-lock' %s -- %flags | FileCheck %s
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

int nextFlag();

std::string padded(const std::string &text) {
  std::vector<int> open, closed;
  int depth = 0, width = 0, column = 0;
  for (int flag = nextFlag(); flag != 0; flag = nextFlag()) {
    if (flag == 1)
      open.push_back(depth++);
    else if (flag == 2 && !open.empty())
      closed.push_back(width++), open.pop_back();
    else if (flag == 3)
      ++column;
    if (depth > 6 || width > 6 || column > 6)
      throw std::length_error("too many flags");
  }
  if (open.size() != closed.size())
    throw std::runtime_error("flags do not match");
  return text;
}

class Sink {
public:
  virtual ~Sink() = default;
  void log(const std::string &text) {
    std::lock_guard<std::mutex> hold(mu);
    write(text);
  }

protected:
  virtual void write(const std::string &text) = 0;
  std::mutex mu;
};

class FileSinkBad : public Sink {
public:
  std::string name() {
    // CHECK: :[[@LINE+1]]:33: warning: lock of 'mu' can block for ever: this task holds 'mu' already
    std::lock_guard<std::mutex> hold(mu);
    return names.back();
  }

protected:
  void write(const std::string &text) override {
    line = padded(text);
    if (text.size() > 80)
      rotate();
  }

private:
  void rotate() { names.push_back(name() + ".1"); }
  std::vector<std::string> names;
  std::string line;
};

// CHECK-NOT: warning:
class FileSinkOk : public Sink {
public:
  std::string name() {
    std::lock_guard<std::mutex> hold(mu);
    return names.back();
  }

protected:
  void write(const std::string &text) override {
    line = padded(text);
    if (text.size() > 80)
      rotate();
  }

private:
  void rotate() { names.push_back(names.back() + ".1"); }
  std::vector<std::string> names;
  std::string line;
};

// A function that is handed the lock's owner may refuse.
class OnceOk {
public:
  void outer() {
    std::lock_guard<std::mutex> hold(mu);
    held = true;
    inner();
    held = false;
  }
  void inner() {
    refuse();
    std::lock_guard<std::mutex> hold(mu);
    ++count;
  }

private:
  void refuse() const {
    if (held)
      throw std::logic_error("inside");
  }
  std::mutex mu;
  bool held = false;
  int count = 0;
};

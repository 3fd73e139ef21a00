// A fixture that locks before a test and unlocks after it holds the lock for good reason.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <mutex>

class Fixture {
public:
  virtual ~Fixture() = default;
  void run() {
    setUp();
    body();
    tearDown();
  }

protected:
  virtual void setUp() {}
  virtual void body() = 0;
  virtual void tearDown() {}
  std::mutex device;
};

class DeviceTest : public Fixture {
  void setUp() override { device.lock(); }
  void tearDown() override { device.unlock(); }
  void body() override { ++writes; }
  int writes = 0;
};

void twoTestsOk() {
  DeviceTest one;
  one.run();
  one.run();
}

class ForgetfulTest : public Fixture {
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-{{double-lock|missing-unlock}}]
  void setUp() override { device.lock(); }
  void body() override { ++writes; }
  int writes = 0;
};

void twoTestsBad() {
  ForgetfulTest one;
  one.run();
  one.run();
}

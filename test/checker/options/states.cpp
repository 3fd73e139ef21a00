// 'StatesPerScope', 'StatesPerClass' and 'StepsPerUnit' say when to give up, and what was given up is
// counted.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes %s -- %flags | FileCheck --implicit-check-not=warning: --check-prefixes=SCOPE,CLASS %s
// RUN: not sluice check --no-fixes --check-option sluice.StatesPerScope=5 --check-option sluice.StepsPerProbe=1 %s -- %flags | FileCheck --implicit-check-not=warning: --check-prefixes=CLASS,GIVEN-UP %s
// RUN: not sluice check --no-fixes --check-option sluice.StatesPerClass=2 %s -- %flags | FileCheck --implicit-check-not=warning: --check-prefixes=SCOPE,GIVEN-UP %s
// RUN: sluice check --no-fixes --check-option sluice.StepsPerUnit=9 --check-option sluice.StepsPerProbe=1 %s -- %flags | FileCheck --implicit-check-not=warning: --check-prefix=GIVEN-UP %s
// RUN: clang-tidy -load %tidy-plugin -checks='-*,sluice-*' %s -- %flags | FileCheck --implicit-check-not=warning: --check-prefixes=SCOPE,CLASS %s
// RUN: clang-tidy -load %tidy-plugin -checks='-*,sluice-*' --config='{CheckOptions: {sluice.StatesPerScope: 5, sluice.StepsPerProbe: 1}}' %s -- %flags | FileCheck --implicit-check-not=warning: --check-prefix=CLASS %s
// RUN: clang-tidy -load %tidy-plugin -checks='-*,sluice-*' --config='{CheckOptions: {sluice.StatesPerClass: 2}}' %s -- %flags | FileCheck --implicit-check-not=warning: --check-prefix=SCOPE %s
#include <sluice/sluice.hpp>

#include <thread>

void scopeBad(bool leaves) {
  sluice::chan<int> numbers(0);
  // SCOPE: :[[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-unreceived-send]
  sluice::go([numbers] { numbers.send(1); });
  sluice::go([numbers] { numbers.recv(); });
  // SCOPE: :[[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-unreceived-send]
  sluice::go([numbers] { numbers.send(1); });
  if (!leaves)
    numbers.recv();
}

class ClassBad {
public:
  // CLASS: :[[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-starved-receive]
  ClassBad() : worker([this] { quit.recv(); }) {}
  ~ClassBad() { worker.join(); }

private:
  sluice::chan<int> quit{0};
  std::thread worker;
};
// GIVEN-UP: over budget

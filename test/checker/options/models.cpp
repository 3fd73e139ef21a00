// 'Models' names model files, looked for in the directory of the source and those above it, in both hosts.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: rm -rf %t && mkdir -p %t/app/deep && cp %s %t/app/deep/source.cpp
// RUN: sluice check %t/app/deep/source.cpp -- %flags
// RUN: echo "CheckOptions: {sluice.Models: 'models/shop.yaml'}" > %t/app/.clang-tidy
// RUN: not sluice check %t/app/deep/source.cpp -- %flags 2>&1 | FileCheck --check-prefix=MISSING %s
// RUN: clang-tidy -load %tidy-plugin -checks='-*,sluice-*' %t/app/deep/source.cpp -- %flags | FileCheck --check-prefix=MISSING %s
// MISSING: 'sluice.Models': there is no 'models/shop.yaml' in '{{.*}}deep' or above it
// RUN: mkdir %t/models && cp %S/Inputs/shop.yaml %t/models
// RUN: not sluice check %t/app/deep/source.cpp -- %flags | FileCheck %s
// RUN: clang-tidy -load %tidy-plugin -checks='-*,sluice-*' %t/app/deep/source.cpp -- %flags | FileCheck %s
// RUN: not sluice check --check-option sluice.Models=%t/models %t/app/deep/source.cpp -- %flags | FileCheck %s
#include <sluice/task.hpp>

namespace shop {
class queue {
public:
  queue();
  queue(const queue &);
  ~queue();
  void put(int item);
  int take();
};
} // namespace shop

void leaveBad() {
  shop::queue items;
  // CHECK: :[[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-unreceived-send]
  sluice::go([items]() mutable { items.put(1); });
}

// shared_from_this gives the object itself, whichever base it is asked through.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice-frontend %s -- %flags | FileCheck %s
#include <memory>

// CHECK-LABEL: "session::keep" (%this)
// CHECK-NEXT: b0:
// CHECK-NEXT: return %this
class session : public std::enable_shared_from_this<session> {
public:
  std::shared_ptr<session> keep() { return shared_from_this(); }
  std::weak_ptr<session> watch() { return this->weak_from_this(); }
  int used = 0;
};

// CHECK-LABEL: "session::watch" (%this)
// CHECK-NEXT: b0:
// CHECK-NEXT: return %this
std::weak_ptr<session> viaReference(session &s) { return s.watch(); }

// CHECK-LABEL: "another" (%s)
// CHECK-NEXT: b0:
// CHECK-NEXT: return %s
std::shared_ptr<session> another(session &s) { return s.shared_from_this(); }

// What a declaration says and the class does not have is told at its place, and then not believed.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check --models %S/Inputs/misdeclared.yaml %s -- %flags 2>&1 | FileCheck %s
// RUN: clang-tidy -load %tidy-plugin -checks='-*,sluice-*' -config='{CheckOptions: {sluice.Models: "%S/Inputs/misdeclared.yaml"}}' %s -- %flags 2>&1 | FileCheck %s --check-prefix=TIDY
// CHECK-DAG: misdeclared.yaml:4:13: warning: 'misspelt' is not taken for a queue: it has no method 'psuh'
// CHECK-DAG: misdeclared.yaml:5:13: warning: 'mixed' is not taken for a queue: 'pop' gives another type than is sent
// CHECK-DAG: misdeclared.yaml:6:13: warning: 'bounded' is not taken for a queue: its template argument 0, which 'bound' names, is no number
// CHECK-DAG: misdeclared.yaml:7:13: warning: 'derived' is not taken for a queue: it inherits methods, of which nothing can be declared
// CHECK-DAG: home-made-queue-misdeclared.cpp:[[#ANNOTATED:]]:{{[0-9]+}}: warning: 'unheard' is not taken for a queue: nothing is annotated that receives from it
// CHECK-DAG: warning: 'misread' is not taken for a queue: the annotation 'sluice::recieve' of a method is unknown; allowed: send, try_send,
// CHECK-DAG: warning: 'twice' is not taken for a queue: 'both' has two annotations
// CHECK-NOT: attic
// TIDY: misdeclared.yaml:4:13: warning: 'misspelt' is not taken for a queue: it has no method 'psuh'
struct misspelt {
  void push(int);
  int pop();
};
struct payload {
  int number;
};
struct mixed {
  void push(int);
  void pop(payload &into);
};
template <class T> struct bounded {
  void push(T);
  T pop();
};
struct base {
  void push(int);
};
struct derived : base {
  void push(long);
  int pop();
};
struct unheard {
  [[clang::annotate("sluice::send")]] void push(int);
};
struct misread {
  [[clang::annotate("sluice::send")]] void push(int);
  [[clang::annotate("sluice::recieve")]] int pop();
};
struct twice {
  [[clang::annotate("sluice::send"), clang::annotate("sluice::receive")]] int both(int);
};
void useOk(misspelt &q, bounded<int> &b) {
  q.push(1);
  b.push(2);
}

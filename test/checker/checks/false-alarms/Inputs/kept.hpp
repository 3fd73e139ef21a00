// A library whose code is not looked into: it keeps what is to be called.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

template <typename F> struct Kept {
  F function;
  void operator()() { function(); }
};
template <typename F> Kept<F> keep(F function) { return {function}; }
template <typename F> void submit(Kept<F> task) { task(); }
template <typename F> int forAll(F function) { return function(), 0; }

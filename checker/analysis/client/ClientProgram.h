// Writes the code of a client: what anybody may do with a class whose own code is all in sight.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "skeleton/Program.h"

#include "llvm/ADT/ArrayRef.h"

#include <set>
#include <vector>

namespace sluice::checker::analysis {

/// A client of one class, and where it stands when.
struct Client {
  skeleton::ClassId of = 0;
  skeleton::FunctionId function = 0;
  std::optional<skeleton::FunctionId> other; ///< what a second client runs
  skeleton::Register object = 0;             ///< of the first frame
  skeleton::BlockId rests = 0;               ///< between two calls; before: it makes the object
  skeleton::BlockId destroys = 0;            ///< from here on it destroys the object
};

/// The functions that may run when a class is used, by calls, closures and slots.
std::set<skeleton::FunctionId> reachedFrom(const skeleton::Program &program,
                                           const skeleton::Interface &interface);

/// The methods that are worth a call: of those that come to the same in what verdicts depend on
/// (`sliced`) the first.
std::vector<skeleton::FunctionId> distinctMethods(const skeleton::Program &sliced,
                                                  const skeleton::Interface &interface);

/// `program` with only what a class can reach, and a client of it: it makes an object, calls
/// `methods` in any order, and destroys the object. All arguments are outside values.
skeleton::Program withClient(const skeleton::Program &program, skeleton::ClassId of,
                             llvm::ArrayRef<skeleton::FunctionId> methods, Client &client);

/// The same with two clients at once, each of which makes one call; the one that made the object
/// waits for the other before it destroys it.
skeleton::Program withTwoClients(const skeleton::Program &program, skeleton::ClassId of,
                                 llvm::ArrayRef<skeleton::FunctionId> methods, Client &client);

/// The same with one client that makes one call, of `methods`, and another that makes any number,
/// of `helping`, or none.
skeleton::Program withHelper(const skeleton::Program &program, skeleton::ClassId of,
                             llvm::ArrayRef<skeleton::FunctionId> methods,
                             llvm::ArrayRef<skeleton::FunctionId> helping, Client &client);

} // namespace sluice::checker::analysis

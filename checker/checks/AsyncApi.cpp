// Words functions that only return the channel of one result, in the words users meet.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/AsyncApi.h"

#include "checks/Story.h"

namespace sluice::checker::checks {
namespace {

std::string message(const Story &story) {
  return "'" + story.judged().subject +
         "' only starts a task and returns the channel of its one result: offer it synchronous, "
         "and "
         "leave it to callers to start a task";
}

const OptionInfo allowedFunctions{"AllowedFunctions", OptionKind::Names, "",
                                  "functions that are asynchronous on purpose"};

bool wanted(const Story &story, const CheckOptions &options) {
  return !options.holds(asyncApi, allowedFunctions, story.judged().subject);
}

} // namespace

static const OptionInfo *const options[] = {&allowedFunctions};

const CheckInfo asyncApi = {
    .id = "async-api",
    .summary = "a function that only returns the channel of one result: offer it synchronous",
    .severity = findings::Severity::Style,
    .defaultOn = false,
    .message = message,
    .options = options,
    .wanted = wanted,
};

} // namespace sluice::checker::checks

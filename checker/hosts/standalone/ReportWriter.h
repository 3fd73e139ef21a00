// Writes the report of a run where and as the user asked for it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "findings/Sink.h"
#include "findings/SourceText.h"
#include "hosts/standalone/Arguments.h"

namespace sluice::checker::standalone {

/// Whether what is to be written can be, as far as can be told before the work is done.
llvm::Error checkOutputs(const CheckArguments &arguments);

/// Writes the findings, then the summary: where a program reads the findings, to standard error.
llvm::Error writeReport(const findings::Report &report, const CheckArguments &arguments,
                        findings::SourceText &sources);

} // namespace sluice::checker::standalone

// SLUICE_OPTIONS: the parser, and the one table that it, `help=1` and the guide are made from.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/event.hpp"
#include "explore/explorer.hpp"
#include "observe/settings.hpp"

#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sluice::start {

/// All that SLUICE_OPTIONS can say.
struct options {
  observe::settings observe;
  core::settings core;
  explore::settings explore;
  bool help = false;
};

/// One row of the table.
struct option_row {
  const char *key;
  const char *values; // what it takes, as shown to the user
  const char *initial;
  const char *meaning;
  bool (*set)(options &o, std::string_view value); // false: a bad value
};

/// The table, in the order of the guide.
std::span<const option_row> option_table();

/// What is wrong with the text, in words that list what is right.
struct options_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Parses `key=value:key=value` (commas and spaces separate too); throws options_error.
options parse_options(std::string_view text);

/// What `help=1` prints.
std::string options_help();

} // namespace sluice::start

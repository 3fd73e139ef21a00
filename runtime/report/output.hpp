// Where reports go: stderr, or a file of this process's own.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "report/finding.hpp"

namespace sluice::report {

/// The formats a report can have.
enum class output_format { text, json, pprof };

/// What the options say of the output.
struct output_settings {
  output_format format = output_format::text;
  std::string log_path; // empty: stderr
  int verbosity = 0;
  bool has_stderr = true; // false: the process began without, so the descriptor is some file's
};

/// Prints each finding once. Text appears as findings happen; JSON is one object and a profile one
/// message, so on stderr they wait for finish(), and in a file each change replaces the file.
class output {
public:
  explicit output(output_settings settings) : settings_(std::move(settings)) {}

  /// Prints what `r` has gained since the last call.
  void update(const report &r);

  /// As update, then what ends a report. Prints nothing if nothing was ever found.
  void finish(const report &r);

private:
  void append(const std::string &text) const;
  void replace(const std::string &text) const;
  void to_stderr(const std::string &text) const;
  bool write_file(const std::string &path, int flags, const std::string &text) const;
  std::string path() const;
  std::string whole(const report &r) const;

  output_settings settings_;
  std::size_t printed_ = 0;
};

/// Writes all of `text` to `fd`, through interruptions; false, and silent, if that fails.
bool write_all(int fd, const std::string &text);

} // namespace sluice::report

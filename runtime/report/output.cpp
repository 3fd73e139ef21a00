// Where reports go: stderr, or a file of this process's own.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "report/output.hpp"

#include "report/json.hpp"
#include "report/pprof.hpp"
#include "report/text.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <sys/ioctl.h>
#include <unistd.h>

namespace sluice::report {

bool write_all(int fd, const std::string &text) {
  std::size_t done = 0;
  while (done < text.size()) {
    ssize_t n = ::write(fd, text.data() + done, text.size() - done);
    if (n < 0 && errno != EINTR)
      return false;
    done += n > 0 ? static_cast<std::size_t>(n) : 0;
  }
  return true;
}

std::string output::path() const { return settings_.log_path + "." + std::to_string(getpid()); }

void output::to_stderr(const std::string &text) const {
  if (settings_.has_stderr)
    write_all(2, text);
}

/// Falls back to stderr: a report that cannot be stored must not be lost. Says whether it is
/// stored.
bool output::write_file(const std::string &path, int flags, const std::string &text) const {
  int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0644);
  bool stored = fd >= 0 && write_all(fd, text);
  if (fd >= 0)
    stored = ::close(fd) == 0 && stored; // some file systems notice a full disk only now
  if (!stored) {
    to_stderr("sluice: cannot write the report to '" + path + "'; it follows\n");
    to_stderr(text);
  }
  return stored;
}

void output::append(const std::string &text) const {
  if (settings_.log_path.empty())
    to_stderr(text);
  else
    write_file(path(), O_APPEND, text);
}

void output::replace(const std::string &text) const {
  std::string fresh = path() + ".new";
  if (write_file(fresh, O_TRUNC, text))
    ::rename(fresh.c_str(), path().c_str());
  else
    ::unlink(fresh.c_str()); // what is there of it is no JSON
}

/// Colour only for a terminal, and never against the user's wish (no-color.org).
static text_style style_for(const output_settings &settings) {
  const char *off = std::getenv("NO_COLOR");
  const bool terminal = settings.log_path.empty() && isatty(2) == 1;
  winsize size = {};
  if (terminal && ::ioctl(2, TIOCGWINSZ, &size) != 0)
    size.ws_col = 0;
  return {terminal && !(off && *off), static_cast<int>(getpid()), settings.verbosity, size.ws_col};
}

/// The report in a format that has a beginning and an end.
std::string output::whole(const report &r) const {
  return settings_.format == output_format::json ? to_json(r) : to_pprof(r);
}

void output::update(const report &r) {
  if (r.findings.size() == printed_)
    return;
  if (settings_.format == output_format::text)
    append(to_text(r, style_for(settings_), printed_));
  else if (!settings_.log_path.empty())
    replace(whole(r));
  printed_ = r.findings.size();
}

/// What this process was called with, as a shell takes it.
static std::string command_line() {
  std::ifstream in("/proc/self/cmdline", std::ios::binary);
  std::string out;
  for (std::string word; std::getline(in, word, '\0');) {
    const bool plain = word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                              "0123456789_-+=./:,@%") == std::string::npos;
    out += out.empty() ? "" : " ";
    if (plain && !word.empty()) {
      out += word;
      continue;
    }
    out += '\'';
    for (const char c : word)
      out += c == '\'' ? "'\\''" : std::string(1, c);
    out += '\'';
  }
  return out;
}

void output::finish(const report &r) {
  update(r);
  // A search wants to know how far a run came that found nothing, too.
  if (r.findings.empty() && !(r.search && settings_.format == output_format::json))
    return;
  if (settings_.format != output_format::text) {
    if (!settings_.log_path.empty())
      replace(whole(r)); // notes and counts have been added
    else if (!r.findings.empty())
      to_stderr(whole(r));
    return;
  }
  std::string end;
  for (const std::string &note : r.notes)
    end += "note: " + note + "\n";
  if (r.search)
    end += replay_line(*r.search, command_line());
  append(end + summary_line(r));
}

} // namespace sluice::report

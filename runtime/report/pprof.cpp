// A report as a profile for `go tool pprof`.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The message is that of github.com/google/pprof, proto/profile.proto: `go tool pprof` reads it
// compressed or not.
#include "report/pprof.hpp"

#include "report/text.hpp"

#include <chrono>
#include <map>
#include <tuple>

namespace sluice::report {
namespace {

/// A protocol buffer as it is written: fields of variable-length numbers, and of bytes.
class message {
public:
  void number(unsigned field, std::uint64_t value) {
    varint(field << 3);
    varint(value);
  }
  void bytes(unsigned field, const std::string &value) {
    varint(field << 3 | 2);
    varint(value.size());
    out_ += value;
  }
  void numbers(unsigned field, const std::vector<std::uint64_t> &values) {
    message packed;
    for (std::uint64_t value : values)
      packed.varint(value);
    bytes(field, packed.out_);
  }
  const std::string &text() const { return out_; }

private:
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7)
      out_ += static_cast<char>(value | 0x80);
    out_ += static_cast<char>(value);
  }
  std::string out_;
};

/// The fields of profile.proto that are used.
enum profile_field { sample_type = 1, sample = 2, location = 4, function = 5, string_table = 6 };
enum profile_number { time_nanos = 9, default_sample_type = 14 };

class profile {
public:
  profile() {
    string(""); // the format wants it first
    value_type("tasks", "count");
    value_type("waiting", "milliseconds");
    out_.number(default_sample_type, string("tasks"));
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    out_.number(time_nanos, static_cast<std::uint64_t>(std::chrono::nanoseconds(now).count()));
  }

  void add(const finding &f, const task_entry &t);
  std::string finish() const {
    message strings;
    for (const std::string *s : in_order_)
      strings.bytes(string_table, *s);
    return out_.text() + strings.text();
  }

private:
  std::uint64_t string(const std::string &s) {
    const auto [at, is_new] = strings_.try_emplace(s, in_order_.size());
    if (is_new)
      in_order_.push_back(&at->first);
    return at->second;
  }
  void value_type(const char *type, const char *unit) {
    message m;
    m.number(1, string(type));
    m.number(2, string(unit));
    out_.bytes(sample_type, m.text());
  }
  std::uint64_t function_of(const std::string &name, const std::string &file);
  std::uint64_t location_of(const frame &f);
  void label(message &sample, const char *key, const std::string &value);

  message out_;
  std::map<std::string, std::uint64_t> strings_;
  std::vector<const std::string *> in_order_; // a map's keys stay where they are
  std::map<std::tuple<std::string, std::string>, std::uint64_t> functions_;
  std::map<std::tuple<std::string, std::string, unsigned>, std::uint64_t> locations_;
};

std::uint64_t profile::function_of(const std::string &name, const std::string &file) {
  const auto [at, is_new] = functions_.try_emplace({name, file}, functions_.size() + 1);
  if (is_new) {
    message m;
    m.number(1, at->second);
    m.number(2, string(shortened_function(name)));
    m.number(3, string(name));
    m.number(4, string(file));
    out_.bytes(function, m.text());
  }
  return at->second;
}

std::uint64_t profile::location_of(const frame &f) {
  const auto [at, is_new] =
      locations_.try_emplace({f.function, f.file, f.line}, locations_.size() + 1);
  if (is_new) {
    message line, m;
    line.number(1, function_of(f.function, f.file));
    line.number(2, f.line);
    m.number(1, at->second);
    m.bytes(4, line.text());
    out_.bytes(location, m.text());
  }
  return at->second;
}

void profile::label(message &sample, const char *key, const std::string &value) {
  if (value.empty())
    return;
  message m;
  m.number(1, string(key));
  m.number(2, string(value));
  sample.bytes(3, m.text());
}

frame frame_at(const place &p) { return {p.function, p.file, p.line, false}; }

/// The user's frames, innermost first, and where the task was started as the outermost: so equal
/// tasks fall together even where no stack is known.
std::vector<frame> frames_of(const task_entry &t) {
  std::vector<frame> frames;
  for (const frame &f : t.stack)
    if (!f.ours)
      frames.push_back(f);
  if (frames.empty() && t.blocked_at.known())
    frames.push_back(frame_at(t.blocked_at));
  if (t.started_at.known())
    frames.push_back(frame_at(t.started_at));
  return frames;
}

void profile::add(const finding &f, const task_entry &t) {
  std::vector<std::uint64_t> locations;
  for (const frame &at : frames_of(t))
    locations.push_back(location_of(at));
  message m;
  m.numbers(1, locations);
  m.numbers(2, {t.count, t.waited_ms});
  label(m, "verdict", word(f.kind));
  label(m, "check", f.check);
  label(m, "operation", t.operation);
  label(m, "primitive", t.on.kind);
  label(m, "on", t.on.name);
  label(m, "task", t.main ? "main" : t.name);
  out_.bytes(sample, m.text());
}

} // namespace

std::string to_pprof(const report &r) {
  profile p;
  for (const finding &f : r.findings)
    for (const task_entry &t : f.tasks)
      p.add(f, t);
  return p.finish();
}

} // namespace sluice::report

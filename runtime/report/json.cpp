// A report as one JSON object for programs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "report/json.hpp"

#include <cstdio>

namespace sluice::report {
namespace {

/// Length of the well-formed UTF-8 sequence at `i`, or 0.
std::size_t sequence(const std::string &s, std::size_t i) {
  unsigned char c = static_cast<unsigned char>(s[i]);
  std::size_t n = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe0 && c < 0xf0 ? 3 : 0;
  if (c >= 0xf0 && c < 0xf5)
    n = 4;
  if (n == 0 || i + n > s.size())
    return 0;
  for (std::size_t k = 1; k < n; ++k)
    if ((static_cast<unsigned char>(s[i + k]) & 0xc0) != 0x80)
      return 0;
  unsigned char second = n > 1 ? static_cast<unsigned char>(s[i + 1]) : 0;
  bool overlong = (c == 0xe0 && second < 0xa0) || (c == 0xf0 && second < 0x90);
  bool outside = (c == 0xed && second >= 0xa0) || (c == 0xf4 && second >= 0x90);
  return overlong || outside ? 0 : n;
}

std::string escaped(char c) {
  switch (c) {
  case '"':
    return "\\\"";
  case '\\':
    return "\\\\";
  case '\n':
    return "\\n";
  case '\t':
    return "\\t";
  default:
    break;
  }
  if (static_cast<unsigned char>(c) >= 0x20)
    return std::string(1, c);
  char text[8];
  std::snprintf(text, sizeof text, "\\u%04x", static_cast<unsigned>(c));
  return text;
}

std::string string(const std::string &s) {
  std::string out = "\"";
  for (std::size_t i = 0; i < s.size();) {
    std::size_t n = sequence(s, i);
    if (n == 0)
      out += "\\ufffd";
    else if (n == 1)
      out += escaped(s[i]);
    else
      out.append(s, i, n);
    i += n ? n : 1;
  }
  return out + "\"";
}

template <class Range, class Print> std::string list(const Range &range, Print print) {
  std::string out = "[";
  for (const auto &item : range)
    out += (out.size() > 1 ? "," : "") + print(item);
  return out + "]";
}

std::string located(const std::string &file, unsigned line, const std::string &function) {
  return "\"file\":" + string(file) + ",\"line\":" + std::to_string(line) +
         ",\"function\":" + string(function);
}

std::string object(const place &p) {
  return p.known() ? "{" + located(p.file, p.line, p.function) + "}" : "null";
}

std::string object(const frame &f) { return "{" + located(f.file, f.line, f.function) + "}"; }

std::string fields(const subject &s) {
  return "\"id\":" + std::to_string(s.id) + ",\"kind\":" + string(s.kind) +
         ",\"name\":" + string(s.name) + ",\"made_at\":" + object(s.made_at);
}

std::string object(const subject &s) { return s.kind.empty() ? "null" : "{" + fields(s) + "}"; }

std::string object(const held_lock &h) {
  return "{" + fields(h.lock) + ",\"shared\":" + (h.shared ? "true" : "false") +
         ",\"locked_at\":" + object(h.taken_at) + "}";
}

std::string object(const task_entry &t) {
  std::string out = "{\"id\":" + std::to_string(t.id) + ",\"name\":" + string(t.name);
  out += std::string(",\"main\":") + (t.main ? "true" : "false");
  out += std::string(",\"thread\":") + (t.thread ? "true" : "false");
  out += ",\"count\":" + std::to_string(t.count) + ",\"started_at\":" + object(t.started_at);
  out += ",\"operation\":" + string(t.operation) + ",\"blocked_at\":" + object(t.blocked_at);
  out += ",\"on\":" + object(t.on);
  out += ",\"holds\":" + list(t.holds, [](const held_lock &h) { return object(h); });
  out += ",\"since_ms\":" + std::to_string(t.since_ms);
  out += ",\"shortest_ms\":" + std::to_string(t.shortest_ms);
  out += ",\"stack\":" + list(t.stack, [](const frame &f) { return object(f); });
  return out + "}";
}

std::string object(const finding &f) {
  std::string out = std::string("{\"kind\":") + string(word(f.kind));
  out += ",\"check\":" + string(f.check) + ",\"why\":" + string(f.why);
  out += ",\"advice\":" + string(f.advice);
  out += ",\"tasks\":" + list(f.tasks, [](const task_entry &t) { return object(t); });
  if (!f.places.empty())
    out += ",\"places\":" + list(f.places, [](const place &p) { return object(p); });
  return out + "}";
}

std::string fields(const search_state &s) {
  std::string out = ",\"seed\":" + std::to_string(s.seed);
  out += ",\"steps\":" + std::to_string(s.steps);
  out += ",\"schedule\":" + string(s.schedule) + ",\"replay\":" + string(s.options);
  if (s.guided_steps)
    out += ",\"guided_steps\":" + std::to_string(s.guided_steps);
  if (!s.ways.empty())
    out += ",\"ways\":" + string(s.ways);
  if (!s.trace.empty())
    out += ",\"trace\":" + string(s.trace);
  return out + ",\"replayable\":" + (s.replayable ? "true" : "false");
}

} // namespace

std::string to_json(const report &r) {
  std::string out = "{\"version\":1,\"findings\":";
  out += list(r.findings, [](const finding &f) { return object(f); });
  out += ",\"notes\":" + list(r.notes, [](const std::string &n) { return string(n); });
  if (r.search)
    out += fields(*r.search);
  return out + "}\n";
}

} // namespace sluice::report

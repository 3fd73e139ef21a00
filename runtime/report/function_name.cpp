// Names of functions, cut down from what compilers and demanglers make of them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "report/text.hpp"

#include <cctype>
#include <string_view>
#include <vector>

namespace sluice::report {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

/// Whether the operator's name starts at `i`: its symbols are no brackets.
bool operator_at(std::string_view s, std::size_t i) {
  constexpr std::string_view word = "operator";
  return s.substr(i, word.size()) == word && (i == 0 || !is_word(s[i - 1])) &&
         i + word.size() < s.size() && !is_word(s[i + word.size()]);
}

/// The end of an operator's name that starts at `i`.
std::size_t end_of_operator(std::string_view s, std::size_t i) {
  i = std::min(i + std::string_view("operator").size(), s.size());
  if (s.substr(i, 2) == "()")
    return i + 2;
  return std::min(s.find('(', i), s.size());
}

/// The end of what the bracket at `i` opens.
std::size_t end_of_bracket(std::string_view s, std::size_t i) {
  int depth = 0;
  for (; i < s.size(); ++i) {
    if (operator_at(s, i)) {
      i = end_of_operator(s, i) - 1;
      continue;
    }
    const char before = i ? s[i - 1] : ' ';
    depth += s[i] == '<' || s[i] == '(' || s[i] == '{' || s[i] == '[';
    depth -= (s[i] == '>' && before != '-') || s[i] == ')' || s[i] == '}' || s[i] == ']';
    if (depth == 0)
      return i + 1;
  }
  return s.size();
}

/// A pretty name in pieces that `::` separates, without what stands before and behind it.
struct split_name {
  std::vector<std::string_view> pieces;
  std::size_t begin = 0; // of the first piece
};

/// What follows a parameter list and belongs to no name.
std::size_t skip_qualifiers(std::string_view s, std::size_t i) {
  for (std::string_view word : {" const", " volatile", " &&", " &"})
    if (s.substr(i, word.size()) == word)
      i += word.size();
  return i;
}

split_name split(std::string_view s) {
  split_name out;
  std::size_t begin = 0, i = 0;
  while (i < s.size()) {
    if (operator_at(s, i)) {
      i = end_of_operator(s, i);
    } else if (s[i] == '<' || s[i] == '(' || s[i] == '{' || s[i] == '[') {
      i = end_of_bracket(s, i);
    } else if (s[i] == ':' && i + 1 < s.size() && s[i + 1] == ':') {
      out.pieces.push_back(s.substr(begin, i - begin));
      begin = i += 2;
    } else if (s[i] == ' ' && i > 0 && s[i - 1] == ')' && skip_qualifiers(s, i) > i) {
      const std::size_t after = skip_qualifiers(s, i);
      if (s.substr(after, 2) != "::")
        break;
      out.pieces.push_back(s.substr(begin, i - begin));
      begin = i = after + 2;
    } else if (s[i] == ' ' && i + 1 < s.size() && s[i + 1] == '[') {
      break; // what the arguments of the template are, or which clone it is
    } else if (s[i] == ' ' || s[i] == '*' || s[i] == '&') {
      out.pieces.clear(); // all of that was the type of the result
      out.begin = begin = ++i;
    } else {
      ++i;
    }
  }
  if (i > begin)
    out.pieces.push_back(s.substr(begin, i - begin));
  return out;
}

bool is_lambda(std::string_view piece) {
  return piece.substr(0, 2) == "$_" || piece.substr(0, 7) == "{lambda" ||
         piece.substr(0, 7) == "<lambda" || piece.substr(0, 8) == "'lambda";
}

void replace_all(std::string &s, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = s.find(from, at)) != std::string::npos; at += to.size())
    s.replace(at, from.size(), to);
}

/// A piece with `(...)` for parameters and `<...>` for arguments that are more than a few letters.
std::string shortened(std::string_view piece) {
  constexpr std::size_t few = 16;
  std::string out;
  for (std::size_t i = 0; i < piece.size();) {
    if (operator_at(piece, i)) {
      const std::size_t end = end_of_operator(piece, i);
      out += piece.substr(i, end - i);
      i = end;
    } else if (piece[i] == '(' || piece[i] == '<') {
      const std::size_t end = end_of_bracket(piece, i);
      const std::string inner = shortened_type(std::string(piece.substr(i, end - i)));
      const bool empty = inner.size() == 2 || inner == "(void)";
      if (piece[i] == '(')
        out += empty ? "()" : "(...)";
      else
        out += inner.size() <= few ? inner : "<...>";
      i = end;
    } else {
      out += piece[i++];
    }
  }
  return out;
}

} // namespace

std::string qualified_name(const std::string &pretty) { return pretty.substr(split(pretty).begin); }

std::string shortened_function(const std::string &pretty) {
  std::string out;
  bool after_lambda = false;
  for (std::string_view piece : split(pretty).pieces) {
    if (piece.substr(0, 11) == "(anonymous " || piece.substr(0, 11) == "{anonymous}")
      continue;
    if (after_lambda && piece.substr(0, 8) == "operator")
      continue; // how a lambda is called is no news
    after_lambda = is_lambda(piece);
    out += (out.empty() ? "" : "::") + (after_lambda ? "{lambda}" : shortened(piece));
  }
  return out.empty() ? pretty : out;
}

std::string shortened_type(const std::string &type) {
  std::string out = type;
  replace_all(out, "std::__cxx11::", "std::");
  replace_all(out, "std::__1::", "std::");
  for (std::string_view text :
       {"std::basic_string<char, std::char_traits<char>, std::allocator<char> >",
        "std::basic_string<char, std::char_traits<char>, std::allocator<char>>",
        "std::basic_string<char>"})
    replace_all(out, text, "std::string");
  return out;
}

} // namespace sluice::report

// Names and lines for addresses of code.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// libdw is loaded when the first report needs it, as libunwind is.
#include "observe/symbols.hpp"

#include "core/event.hpp"
#include "core/park.hpp"
#include "memory/world.hpp"
#include "observe/unwind.hpp"
#include "report/text.hpp"

#include <sluice/async.hpp>
#include <sluice/task.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <cxxabi.h>
#include <dlfcn.h>
#include <initializer_list>
#include <string>
#include <string_view>
#include <unistd.h>

#if __has_include(<elfutils/libdwfl.h>)
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#endif

extern "C" void sluice_task_main() noexcept;

namespace sluice::observe {
namespace {

constexpr const char *unnamed = "??";

std::string demangled(const char *name) {
  int status = 0;
  char *text = abi::__cxa_demangle(name, nullptr, nullptr, &status);
  std::string result = status == 0 && text ? text : name;
  std::free(text);
  return result;
}

/// What the dynamic linker knows: enough to hand to a symboliser later.
report::frame from_linker(std::uintptr_t pc) {
  Dl_info info = {};
  report::frame f;
  if (!dladdr(reinterpret_cast<void *>(pc), &info) || !info.dli_fname) {
    f.function = unnamed;
    return f;
  }
  char offset[32];
  std::snprintf(offset, sizeof offset, "+0x%zx",
                pc - reinterpret_cast<std::uintptr_t>(info.dli_fbase));
  f.function = info.dli_sname ? demangled(info.dli_sname) : std::string(unnamed);
  f.file = std::string(info.dli_fname) + offset;
  return f;
}

bool is_library_function(const std::string &pretty) {
  const std::string name = report::qualified_name(pretty);
  for (std::string_view prefix :
       {"sluice::", "sluice_task", "_ZN6sluice", "_ZZN6sluice", "std::", "__gnu_cxx::", "__libc_",
        "_start", "clone", "start_thread", "operator new"})
    if (name.compare(0, prefix.size(), prefix) == 0)
      return true;
  return false;
}

/// Where no symbol tells whose code it is: the library's members lie together in the program, or
/// alone in a file of their own, so what lies between two of its functions is its own, too.
bool is_library_code(std::uintptr_t pc) {
  const auto at = [](auto *function) { return reinterpret_cast<std::uintptr_t>(function); };
  const std::initializer_list<std::uintptr_t> known = {
      at(&sluice_task_main),    at(&core::start_task), at(&core::complete),
      at(&core::self),          at(&core::unpark),     at(&core::run_on_large_stack),
      at(&core::report_misuse), at(&unwind_here),      at(&is_library_file),
      at(&memory::thread_count)};
  return pc >= std::min(known) && pc <= std::max(known);
}

/// What a task runs is called from an instance of ours that is named after it. Where the compiler
/// has put the one into the other, and no debug information tells them apart, the user's name is
/// the one to show; empty if `name` is no such instance.
std::string closure_in(const std::string &name) {
  constexpr std::string_view prefix = "sluice::core::closure_of<";
  if (name.compare(0, prefix.size(), prefix) != 0)
    return {};
  int depth = 0;
  std::size_t end = prefix.size();
  for (; end < name.size() && (depth > 0 || (name[end] != ',' && name[end] != '>')); ++end) {
    depth += name[end] == '<' || name[end] == '(' || name[end] == '{';
    depth -= name[end] == '>' || name[end] == ')' || name[end] == '}';
  }
  return name.substr(prefix.size(), end - prefix.size());
}

#if __has_include(<elfutils/libdwfl.h>)

/// The functions of libdw that are used, found at run time.
#define SLUICE_DW_FUNCTIONS(use)                                                                   \
  use(dwfl_begin) use(dwfl_end) use(dwfl_linux_proc_report) use(dwfl_report_end)                   \
      use(dwfl_addrmodule) use(dwfl_module_addrdie) use(dwfl_module_addrname)                      \
          use(dwfl_linux_proc_find_elf) use(dwfl_standard_find_debuginfo) use(dwarf_getscopes)     \
              use(dwarf_getscopes_die) use(dwarf_tag) use(dwarf_attr_integrate)                    \
                  use(dwarf_formstring) use(dwarf_formudata) use(dwarf_getsrcfiles)                \
                      use(dwarf_filesrc) use(dwarf_diename) use(dwarf_cu_die)                      \
                          use(dwfl_module_nextcu) use(dwarf_haspc) use(dwarf_getsrc_die)           \
                              use(dwarf_linesrc) use(dwarf_lineno) use(dwarf_attr)                 \
                                  use(dwarf_formref_die)
struct dw_library {
#define SLUICE_DW(name) decltype(&::name) name = nullptr;
  SLUICE_DW_FUNCTIONS(SLUICE_DW)
#undef SLUICE_DW
  bool usable = false;

  dw_library() {
    void *handle = dlopen("libdw.so.1", RTLD_NOW | RTLD_LOCAL);
    usable = handle != nullptr;
    auto find = [&](const char *name, auto &out) {
      out = handle ? reinterpret_cast<std::decay_t<decltype(out)>>(dlsym(handle, name)) : nullptr;
      usable = usable && out;
    };
#define SLUICE_DW(name) find(#name, name);
    SLUICE_DW_FUNCTIONS(SLUICE_DW)
#undef SLUICE_DW
  }
};

} // namespace

/// One look at the process's modules and their debug information.
class debug_information {
public:
  debug_information() {
    if (!dw.usable)
      return;
    callbacks.find_elf = dw.dwfl_linux_proc_find_elf;
    callbacks.find_debuginfo = dw.dwfl_standard_find_debuginfo;
    session = dw.dwfl_begin(&callbacks);
    if (session && dw.dwfl_linux_proc_report(session, getpid()) == 0)
      dw.dwfl_report_end(session, nullptr, nullptr);
  }
  ~debug_information() {
    if (session)
      dw.dwfl_end(session);
  }
  debug_information(const debug_information &) = delete;
  debug_information &operator=(const debug_information &) = delete;

  /// Appends the frames of the code before `return_address`; false if nothing is known.
  bool append(std::uintptr_t return_address, std::vector<report::frame> &out) {
    Dwarf_Addr pc = return_address - 1; // within the call
    Dwfl_Module *module = session ? dw.dwfl_addrmodule(session, pc) : nullptr;
    Dwarf_Addr bias = 0;
    Dwarf_Die *unit = module ? unit_of(module, pc, bias) : nullptr;
    Dwarf_Line *line = unit ? dw.dwarf_getsrc_die(unit, pc - bias) : nullptr;
    if (!line)
      return append_symbol(module, pc, out);
    report::frame innermost;
    int number = 0;
    if (const char *file = dw.dwarf_linesrc(line, nullptr, nullptr))
      innermost.file = file;
    if (dw.dwarf_lineno(line, &number) == 0)
      innermost.line = static_cast<unsigned>(number);
    append_inlined(module, unit, {pc, pc - bias}, innermost, out);
    return true;
  }

private:
  /// One address as the process and as the debug information counts it.
  struct code_address {
    Dwarf_Addr in_process;
    Dwarf_Addr in_unit;
  };

  /// Clang writes no table from addresses to units, so they are asked one by one where it is
  /// missing.
  Dwarf_Die *unit_of(Dwfl_Module *module, Dwarf_Addr pc, Dwarf_Addr &bias) {
    if (Dwarf_Die *unit = dw.dwfl_module_addrdie(module, pc, &bias))
      return unit;
    Dwarf_Die *unit = nullptr;
    while ((unit = dw.dwfl_module_nextcu(module, unit, &bias)))
      if (dw.dwarf_haspc(unit, pc - bias) > 0)
        return unit;
    return nullptr;
  }

  /// Without line numbers: the symbol table still tells the function.
  bool append_symbol(Dwfl_Module *module, Dwarf_Addr pc, std::vector<report::frame> &out) {
    const char *symbol = module ? dw.dwfl_module_addrname(module, pc) : nullptr;
    if (!symbol)
      return false;
    report::frame f = from_linker(pc);
    f.function = demangled(symbol);
    out.push_back(f);
    return true;
  }

  std::string name_of(Dwarf_Die *function) {
    Dwarf_Attribute a;
    for (unsigned which : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name})
      if (dw.dwarf_attr_integrate(function, which, &a))
        if (const char *text = dw.dwarf_formstring(&a))
          return demangled(text);
    const char *plain = dw.dwarf_diename(function);
    return plain ? scopes_of(*function) + plain : unnamed;
  }

  /// What a function that is known in its file only is declared in: GCC gives it no linkage name.
  std::string scopes_of(Dwarf_Die function) {
    Dwarf_Attribute a;
    for (unsigned which : {DW_AT_abstract_origin, DW_AT_specification})
      if (dw.dwarf_attr(&function, which, &a))
        dw.dwarf_formref_die(&a, &function);
    Dwarf_Die *scopes = nullptr;
    std::string text;
    const int n = dw.dwarf_getscopes_die(&function, &scopes);
    for (int i = 1; i < n; ++i) {
      text.insert(0, scope_text(&scopes[i]));
      if (dw.dwarf_tag(&scopes[i]) == DW_TAG_subprogram)
        break; // it says where it stands itself
    }
    std::free(scopes);
    return text;
  }

  std::string scope_text(Dwarf_Die *scope) {
    const int tag = dw.dwarf_tag(scope);
    const char *name = dw.dwarf_diename(scope);
    if (tag == DW_TAG_class_type || tag == DW_TAG_structure_type)
      return (name ? std::string(name) : "{lambda()}") + "::";
    if (tag == DW_TAG_subprogram && name)
      return scopes_of(*scope) + name + "()::";
    return tag == DW_TAG_namespace ? (name ? std::string(name) : "(anonymous namespace)") + "::"
                                   : "";
  }

  void move_to_call(Dwarf_Die *inlined, report::frame &next) {
    Dwarf_Attribute a;
    Dwarf_Word value = 0;
    if (dw.dwarf_attr_integrate(inlined, DW_AT_call_line, &a) && !dw.dwarf_formudata(&a, &value))
      next.line = static_cast<unsigned>(value);
    Dwarf_Die unit;
    Dwarf_Files *files = nullptr;
    if (!dw.dwarf_attr_integrate(inlined, DW_AT_call_file, &a) || dw.dwarf_formudata(&a, &value) ||
        !dw.dwarf_cu_die(inlined->cu, &unit, nullptr, nullptr, nullptr, nullptr, nullptr,
                         nullptr) ||
        dw.dwarf_getsrcfiles(&unit, &files, nullptr))
      return;
    if (const char *file = dw.dwarf_filesrc(files, value, nullptr, nullptr))
      next.file = file;
  }

  /// From the innermost inlined function outwards; each one's place is where the next calls it.
  void append_inlined(Dwfl_Module *module, Dwarf_Die *unit, code_address pc, report::frame f,
                      std::vector<report::frame> &out) {
    Dwarf_Die *at = nullptr, *scopes = nullptr;
    int n = 0;
    if (dw.dwarf_getscopes(unit, pc.in_unit, &at) > 0)
      n = dw.dwarf_getscopes_die(at, &scopes);
    bool found = false;
    for (int i = 0; i < n; ++i) {
      int tag = dw.dwarf_tag(&scopes[i]);
      if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram)
        continue;
      f.function = name_of(&scopes[i]);
      out.push_back(f);
      found = true;
      if (tag == DW_TAG_subprogram)
        break;
      move_to_call(&scopes[i], f);
    }
    std::free(scopes);
    std::free(at);
    if (!found) {
      const char *symbol = dw.dwfl_module_addrname(module, pc.in_process);
      f.function = symbol ? demangled(symbol) : unnamed;
      out.push_back(f);
    }
  }

  static inline const dw_library dw;
  Dwfl_Callbacks callbacks = {};
  Dwfl *session = nullptr;
};

#else

} // namespace

/// There is none to look at.
class debug_information {
public:
  bool append(std::uintptr_t, std::vector<report::frame> &) { return false; }
};

#endif

bool is_library_file(const char *file) {
  std::string_view name = file ? file : "";
  for (std::string_view part : {"/c++/", "/include/sluice/", "/bits/", "/runtime/core/",
                                "/runtime/sync/", "/runtime/observe/", "/runtime/start/"})
    if (name.find(part) != std::string_view::npos)
      return true;
  return false;
}

symboliser::symboliser() = default;
symboliser::~symboliser() = default;

const std::vector<report::frame> &symboliser::frames_of(std::uintptr_t return_address) {
  auto [at, is_new] = known_.try_emplace(return_address);
  if (!is_new)
    return at->second;
  if (!modules_)
    modules_ = std::make_unique<debug_information>();
  std::vector<report::frame> &frames = at->second;
  if (!modules_->append(return_address, frames))
    frames.push_back(from_linker(return_address - 1));
  for (report::frame &f : frames)
    f.ours = is_library_file(f.file.c_str()) || is_library_function(f.function) ||
             (f.function == unnamed && is_library_code(return_address - 1));
  return frames;
}

/// A frame that is called from a frame of ours is ours, even where it has no name: an operation of
/// a header that has not been put into its caller. But a task's own function is called from ours,
/// too.
static void fold_unnamed(std::vector<report::frame> &frames) {
  const auto is_ours = [](const report::frame &f) { return f.ours; };
  const auto entry = std::find_if_not(frames.rbegin(), frames.rend(), is_ours);
  const auto last = std::find_if(entry, frames.rend(), is_ours);
  for (auto f = last; f != frames.rend(); ++f)
    f->ours = f->ours || f->function == unnamed;
}

std::vector<report::frame> symboliser::frames(std::span<const std::uintptr_t> return_addresses) {
  std::vector<report::frame> all;
  std::string user; // the function of the outermost frame so far that is not ours
  for (std::uintptr_t pc : return_addresses)
    for (report::frame f : frames_of(pc)) {
      const std::string closure = f.line ? "" : closure_in(f.function);
      const bool shown_before = user.compare(0, closure.size(), closure) == 0;
      if (!closure.empty() && !shown_before) {
        f.function = closure;
        f.ours = false;
      }
      all.push_back(f);
      user = f.ours ? user : f.function;
    }
  fold_unnamed(all);
  return all;
}

report::place user_place(std::span<const report::frame> stack) {
  for (const report::frame &f : stack)
    if (!f.ours)
      return {f.file, f.line, f.function};
  return {};
}

} // namespace sluice::observe

// Runs git and reads its answers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/GitChanges.h"

#include "hosts/standalone/Flags.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

#include <algorithm>

namespace sluice::checker::standalone {
namespace {

using llvm::StringRef;

struct Answer {
  int status = -1;
  std::string out, err;
};

std::string contentOf(StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  return buffer ? (*buffer)->getBuffer().str() : std::string();
}

/// Runs `git -C folder arguments…`. What it writes goes through files, so that no pipe fills up.
llvm::Expected<Answer> git(const std::string &folder, std::vector<StringRef> arguments) {
  auto program = llvm::sys::findProgramByName("git");
  if (!program)
    return mistake("it needs git, which was not found");
  llvm::SmallString<128> out, err;
  if (llvm::sys::fs::createTemporaryFile("sluice-git", "out", out) ||
      llvm::sys::fs::createTemporaryFile("sluice-git", "err", err))
    return mistake("cannot make a temporary file");
  llvm::FileRemover removeOut(out), removeErr(err);
  arguments.insert(arguments.begin(), {"git", "-C", folder, "-c", "core.quotePath=false", "-c",
                                       "diff.noprefix=false", "-c", "diff.mnemonicPrefix=false"});
  std::optional<StringRef> redirects[] = {StringRef(""), StringRef(out), StringRef(err)};
  std::string failure;
  Answer answer;
  answer.status =
      llvm::sys::ExecuteAndWait(*program, arguments, std::nullopt, redirects, 0, 0, &failure);
  answer.out = contentOf(out);
  answer.err = failure.empty() ? contentOf(err) : failure;
  return answer;
}

/// The first line of what git complained about, without its "fatal: ".
std::string complaint(const Answer &answer) {
  StringRef line = StringRef(answer.err).split('\n').first;
  line.consume_front("fatal: ");
  return line.empty() ? "git failed" : "git: " + line.str();
}

llvm::Expected<std::string> topOf(const std::string &base) {
  auto answer = git(base, {"rev-parse", "--show-toplevel"});
  if (!answer)
    return answer.takeError();
  if (answer->status != 0)
    return mistake("'" + base + "' is in no git repository (" + complaint(*answer) + ")");
  return StringRef(answer->out).rtrim('\n').str();
}

/// The commit that is meant, so that nothing the user wrote can be taken for an option.
llvm::Expected<std::string> commitOf(const std::string &revision, const std::string &top) {
  std::string wanted = revision + "^{commit}";
  auto answer = git(top, {"rev-parse", "--verify", "--quiet", "--end-of-options", wanted});
  if (!answer)
    return answer.takeError();
  if (answer->status != 0)
    return mistake("the repository '" + top + "' has no revision '" + revision +
                   "'; a shallow clone has only the last ones");
  return StringRef(answer->out).rtrim('\n').str();
}

} // namespace

llvm::Expected<GitChanges> GitChanges::since(const std::string &revision, const std::string &base) {
  auto top = topOf(base);
  if (!top)
    return top.takeError();
  auto commit = commitOf(revision, *top);
  if (!commit)
    return commit.takeError();
  GitChanges changes(base);
  auto patch =
      git(*top, {"diff", "-U0", "--inter-hunk-context=0", "--no-color", "--no-ext-diff",
                 "--no-textconv", "-M", "--src-prefix=a/", "--dst-prefix=b/", *commit, "--"});
  if (!patch)
    return patch.takeError();
  auto fresh = git(*top, {"ls-files", "--others", "--exclude-standard", "-z"});
  if (!fresh)
    return fresh.takeError();
  for (const Answer *answer : {&*patch, &*fresh})
    if (answer->status != 0)
      return mistake(complaint(*answer));
  changes.lines.addPatch(patch->out, *top);
  llvm::SmallVector<StringRef> files;
  StringRef(fresh->out).split(files, '\0', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (StringRef file : files)
    changes.lines.addFile((*top + "/" + file).str());
  return changes;
}

bool GitChanges::touch(const findings::Place &place) const {
  if (!place.valid())
    return false;
  llvm::SmallString<256> path(place.path), real;
  llvm::sys::fs::make_absolute(base, path);
  if (llvm::sys::fs::real_path(path, real))
    return false;
  return lines.touches(real, place.span);
}

bool GitChanges::touch(const findings::Finding &finding) const {
  auto touched = [&](const auto &each) { return touch(each.at); };
  auto flowTouched = [&](const findings::Flow &flow) {
    return std::any_of(flow.steps.begin(), flow.steps.end(), touched);
  };
  return touch(finding.at) || std::any_of(finding.notes.begin(), finding.notes.end(), touched) ||
         std::any_of(finding.flows.begin(), finding.flows.end(), flowTouched);
}

} // namespace sluice::checker::standalone

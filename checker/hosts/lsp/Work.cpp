// The server's part that starts processes, waits for them, and takes what they found.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/lsp/Server.h"

#include "findings/Suppression.h"

#include "llvm/Support/FileSystem.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <poll.h>
#include <thread>

namespace sluice::checker::lsp {
namespace {

using llvm::json::Object;

constexpr int infoMessage = 3, logMessage = 4;            // MessageType
constexpr auto mostTime = std::chrono::seconds(60);       // for one process
constexpr auto lookAgain = std::chrono::milliseconds(20); // when all processors are busy
constexpr auto editorCheck = std::chrono::seconds(2);

/// Takes the job if it has ended. One that takes too long is killed, and has then.
std::optional<Job> takeEnded(std::optional<Job> &job) {
  if (!job)
    return std::nullopt;
  pollfd file{job->child.pipe(), POLLIN, 0};
  if (Clock::now() >= job->deadline)
    job->child.kill();
  while (::poll(&file, 1, 0) > 0)
    if (job->child.drain())
      return std::exchange(job, std::nullopt);
  return std::nullopt;
}

} // namespace

bool Server::editorIsGone() const {
  return editor > 0 && ::kill(static_cast<pid_t>(editor), 0) != 0 && errno == ESRCH;
}

/// Until something arrives, a process ends, or the time has come to start one.
void Server::wait() {
  Clock::time_point until = Clock::now() + editorCheck;
  std::vector<pollfd> files{{transport.input(), POLLIN, 0}};
  for (auto &[uri, document] : documents) {
    if (document.due)
      until = std::min(until, *document.due);
    for (std::optional<Job> *job : {&document.making, &document.judging, &document.repairing})
      if (*job) {
        files.push_back({(*job)->child.pipe(), POLLIN, 0});
        until = std::min(until, (*job)->deadline);
      }
  }
  auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
  if (::poll(files.data(), files.size(), static_cast<int>(std::max<int64_t>(left, 0))) > 0 &&
      files.front().revents)
    hasLostEditor |= !transport.read();
  hasLostEditor |= editorIsGone();
}

size_t Server::running() const {
  size_t count = 0;
  for (const auto &[uri, document] : documents)
    count += document.making.has_value() + document.judging.has_value();
  return count;
}

void Server::drainJobs() {
  for (auto &[uri, document] : documents) {
    if (auto job = takeEnded(document.making))
      made(document, std::move(*job));
    if (auto job = takeEnded(document.judging))
      judged(document, std::move(*job));
    if (auto job = takeEnded(document.repairing))
      repaired(document, std::move(*job));
  }
}

void Server::startDue() {
  const size_t most = std::max(1U, std::thread::hardware_concurrency());
  const auto now = Clock::now();
  for (auto &[uri, document] : documents) {
    if (!document.due || *document.due > now)
      continue;
    if (running() < most)
      advance(document, now);
    else
      document.due = now + lookAgain;
  }
}

void Server::advance(Document &document, Clock::time_point now) {
  document.due.reset();
  if (!document.setting) {
    auto setting = analyst->settingFor(document.path);
    if (!setting)
      return say(infoMessage, "sluice: " + llvm::toString(setting.takeError()));
    if (!setting->remark.empty())
      say(infoMessage, "sluice: " + setting->remark);
    document.setting = std::move(*setting);
  }
  const std::string &text = texts[document.path];
  const bool isC = llvm::StringRef(document.path).ends_with(".c");
  std::string begin = text.substr(0, standalone::preambleSize(text, isC));
  const bool same = begin == document.preambleText;
  if (same && document.making)
    return; // it goes on when that ends
  if (begin.empty() || (same && document.hasNoPreamble))
    return judge(document, /*withPreamble=*/false);
  if (same && document.preamble && Analyst::holds(*document.preamble, texts))
    return judge(document, /*withPreamble=*/true);
  dropPreamble(document);
  document.preambleText = std::move(begin);
  if (auto child = analyst->startPreamble(*document.setting, texts))
    document.making = Job{std::move(*child), document.version, now + mostTime};
  // The first answer need not wait for what makes the later ones fast.
  if (document.isNew || !document.making)
    judge(document, /*withPreamble=*/false);
}

void Server::judge(Document &document, bool withPreamble) {
  beginProgress(document);
  const standalone::Preamble *preamble = withPreamble ? &*document.preamble : nullptr;
  if (auto child = analyst->startJudging(*document.setting, texts, preamble, /*repair=*/false))
    document.judging = Job{std::move(*child), document.version, Clock::now() + mostTime};
}

void Server::made(Document &document, Job job) {
  document.preamble = standalone::decodePreamble(job.child.output);
  // One that does not hold by now would be made for ever where files change all the time.
  document.hasNoPreamble = !document.preamble || !Analyst::holds(*document.preamble, texts);
  if (!document.judging && document.judgedVersion != document.version)
    document.due = Clock::now();
}

/// A unit that does not compile says nothing new: what was known stays, until it compiles again.
void Server::judged(Document &document, Job job) {
  endProgress(document);
  document.isNew = false;
  document.judgedVersion = job.version;
  std::string how = job.child.howItEnded();
  auto report = findings::decode(job.child.output);
  if (!report || !how.empty())
    return log(document.path + ": the checker " + (how.empty() ? "gave no readable answer" : how));
  if (!report->errors.empty())
    return log("not judged: " + report->errors.front());
  take(document, std::move(report->findings));
  publish(document);
  const bool looks = !analyst->configuration().noFixes && !document.judged.findings.empty();
  if (!looks)
    return;
  if (auto child = analyst->startJudging(*document.setting, texts, nullptr, /*repair=*/true))
    document.repairing = Job{std::move(*child), document.version, Clock::now() + mostTime};
}

void Server::repaired(Document &document, Job job) {
  if (auto report = findings::decode(job.child.output); report && report->errors.empty())
    take(document, std::move(report->findings));
  answerWaiting(document);
}

void Server::log(const std::string &message) {
  notify("window/logMessage",
         Object{{"type", logMessage}, {"message", llvm::json::fixUTF8(message)}});
}

/// With the texts as they are now, which are those that were judged.
void Server::take(Document &document, std::vector<findings::Finding> found) {
  document.judged = Judged();
  if (found.empty())
    return;
  for (const auto &[path, text] : texts)
    document.judged.sources.overlay(path, text);
  findings::sortAndFold(found);
  findings::Suppressions suppressions(document.judged.sources);
  for (findings::Finding &finding : found)
    if (!suppressions.covers(finding))
      document.judged.findings.push_back(std::move(finding));
}

void Server::stop(Document &document) {
  document.making.reset();
  document.judging.reset();
  document.repairing.reset();
  endProgress(document);
  answerWaiting(document);
}

void Server::dropPreamble(Document &document) {
  document.making.reset();
  document.hasNoPreamble = false;
  if (document.preamble)
    llvm::sys::fs::remove(document.preamble->file);
  document.preamble.reset();
  document.preambleText.clear();
}

/// Only the first time takes long enough to show.
void Server::beginProgress(Document &document) {
  if (!showsProgress || !document.isNew || !document.progress.empty())
    return;
  document.progress = "sluice-" + std::to_string(lastId + 1);
  ask("window/workDoneProgress/create", Object{{"token", document.progress}},
      [this, token = document.progress, uri = document.uri] {
        auto found = documents.find(uri);
        if (found == documents.end() || found->second.progress != token)
          return;
        found->second.progressIsShown = true;
        notify("$/progress",
               Object{{"token", token},
                      {"value", Object{{"kind", "begin"}, {"title", "sluice: judging"}}}});
      });
}

void Server::endProgress(Document &document) {
  if (std::exchange(document.progressIsShown, false))
    notify("$/progress", Object{{"token", document.progress}, {"value", Object{{"kind", "end"}}}});
  document.progress.clear();
}

} // namespace sluice::checker::lsp

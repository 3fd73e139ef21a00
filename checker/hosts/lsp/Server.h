// The Language Server Protocol over standard input and output: findings while typing.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One thread, one loop. Whatever parses or judges is a process of its own that is killed when its
// document changes, so nothing that goes wrong there is felt here. docs/design/lsp.md tells more.
#pragma once

#include "hosts/lsp/Document.h"
#include "hosts/lsp/Transport.h"

#include "llvm/ADT/StringMap.h"

#include <csignal>
#include <functional>

namespace sluice::checker::lsp {

/// Serves one editor until it says goodbye, or is gone.
class Server {
public:
  Server(Transport transport, std::unique_ptr<Analyst> analyst);

  /// The exit status: 0 after an orderly shutdown, else 1.
  int run();

private:
  using Object = llvm::json::Object;
  using Value = llvm::json::Value;

  // Messages (Server.cpp)
  static void heedSignals();
  void handle(llvm::StringRef content);
  void request(llvm::StringRef method, const Object &parameters, Value id);
  void notification(llvm::StringRef method, const Object &parameters);
  void initialize(const Object &parameters, Value id);
  void configure(const Value *settings);
  void reply(Value id, Value result);
  void fail(Value id, int code, llvm::StringRef message);
  void notify(llvm::StringRef method, Value parameters);
  void ask(llvm::StringRef method, Value parameters, std::function<void()> answered = nullptr);
  void say(int type, const std::string &message);

  // Documents (Documents.cpp)
  Document *documentOf(const Object &parameters);
  void open(const Object &parameters);
  void change(const Object &parameters);
  void save(const Object &parameters);
  void close(const Object &parameters);
  void touchAll();
  void codeAction(const Object &parameters, Value id);
  void witnesses(const Object &parameters, Value id);
  void answerWaiting(Document &document);
  void publish(Document &document);
  void publishAt(const std::string &path, const Document *versionOf);
  std::string uriOfFile(const std::string &path) const;

  // Work (Work.cpp)
  void wait();
  void drainJobs();
  void startDue();
  void advance(Document &document, Clock::time_point now);
  void judge(Document &document, bool withPreamble);
  void made(Document &document, Job job);
  void judged(Document &document, Job job);
  void repaired(Document &document, Job job);
  void log(const std::string &message);
  void take(Document &document, std::vector<findings::Finding> found);
  void stop(Document &document);
  void dropPreamble(Document &document);
  void beginProgress(Document &document);
  void endProgress(Document &document);
  size_t running() const;
  bool editorIsGone() const;

  static volatile std::sig_atomic_t isAskedToEnd;

  Transport transport;
  std::unique_ptr<Analyst> analyst;
  const standalone::CheckArguments given; ///< by the command line
  OpenTexts texts;
  std::map<std::string, Document> documents; ///< by URI
  std::map<int64_t, std::function<void()>> asked;
  std::set<std::string> said;
  int64_t lastId = 0;
  int64_t editor = 0; ///< its process; 0: not told
  bool isInitialized = false, isShutDown = false, hasEnded = false, hasLostEditor = false;
  bool showsProgress = false, refreshesLenses = false;
};

} // namespace sluice::checker::lsp

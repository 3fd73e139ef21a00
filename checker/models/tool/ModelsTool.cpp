// Asks the models what a type or a call means, so that model files can be tested on their own.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//   sluice-models [--models PATH]... type NAME | call NAME [PARAMETER...] | check
//
// A parameter is `type`, or `integral`, `callable`, `pointer` for those without a name.
#include "models/Models.h"
#include "models/QueueDeclaration.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace sluice::checker::models;

namespace {

int complain(llvm::Error error) {
  llvm::errs() << llvm::toString(std::move(error)) << "\n";
  return 2;
}

std::string describe(const ModelOperand &operand) {
  std::string index = std::to_string(operand.index);
  switch (operand.kind) {
  case ModelOperand::Kind::This:
    return "this";
  case ModelOperand::Kind::Argument:
    return "$" + index + (operand.value ? std::to_string(operand.value) : "");
  case ModelOperand::Kind::Rest:
    return "$" + index + "..";
  case ModelOperand::Kind::TemplateArgument:
    return "T<" + index + ">";
  case ModelOperand::Kind::Integer:
    return std::to_string(operand.value);
  case ModelOperand::Kind::Null:
    return "null";
  case ModelOperand::Kind::Unbounded:
    return "unbounded";
  case ModelOperand::Kind::Free:
    return "free";
  case ModelOperand::Kind::Result:
    return "result";
  }
  return "";
}

int showQueue(const QueueDeclaration &queue) {
  llvm::outs() << queue.name << ": declared queue, bound " << describe(queue.bound);
  for (auto &[method, work] : queue.methods)
    llvm::outs() << ", " << word(work) << " " << method;
  llvm::outs() << "\n";
  return 0;
}

int showType(const Models &models, llvm::StringRef name) {
  if (const QueueDeclaration *queue = models.findQueue(name))
    return showQueue(*queue);
  const TypeModel *type = models.findType(name);
  if (!type) {
    llvm::outs() << name << ": no model\n";
    return 1;
  }
  llvm::outs() << type->name << ": " << word(type->role);
  if (type->element)
    llvm::outs() << " element " << *type->element;
  if (!type->parameterRole.empty())
    llvm::outs() << " parameter-role " << type->parameterRole;
  llvm::outs() << (type->mustJoin ? " must-join" : "") << (type->joinsAtEnd ? " joins-at-end" : "")
               << "\n";
  return 0;
}

Parameter parameterOf(llvm::StringRef text) {
  Parameter parameter;
  parameter.integral = text == "integral";
  parameter.callable = text == "callable";
  parameter.pointer = text == "pointer";
  parameter.isDefault = text == "default";
  if (int64_t number = 0; !text.getAsInteger(10, number)) {
    parameter.integral = true;
    parameter.constant = number;
  } else if (!parameter.integral && !parameter.callable && !parameter.pointer &&
             !parameter.isDefault) {
    parameter.type = text.str();
  }
  return parameter;
}

int showCall(const Models &models, llvm::StringRef name, llvm::ArrayRef<const char *> texts) {
  std::vector<Parameter> parameters;
  for (const char *text : texts)
    parameters.push_back(parameterOf(text));
  const CallModel *call = models.findCall({name.str()}, parameters);
  if (!call) {
    llvm::outs() << name << ": no model\n";
    return 1;
  }
  llvm::outs() << call->name << " (" << call->library << ":" << call->line << ")\n";
  for (const Step &step : call->steps) {
    llvm::outs() << "  " << word(step.effect);
    for (const ModelOperand &operand : step.operands)
      llvm::outs() << " " << describe(operand);
    llvm::outs() << (step.flags ? " flags " + std::to_string(step.flags) : "") << "\n";
  }
  return 0;
}

int usage() {
  llvm::errs() << "usage: sluice-models [--models PATH]... type NAME | call NAME [PARAMETER...] | "
                  "check\n";
  return 2;
}

} // namespace

int main(int argc, char **argv) {
  llvm::ArrayRef<const char *> words(argv + 1, argv + argc);
  llvm::Expected<Models> models = Models::builtin();
  if (!models)
    return complain(models.takeError());
  while (words.size() >= 2 && llvm::StringRef(words[0]) == "--models") {
    if (llvm::Error error = models->addPath(words[1]))
      return complain(std::move(error));
    words = words.drop_front(2);
  }
  llvm::StringRef command = words.empty() ? "" : words[0];
  if (command == "check")
    return 0;
  if (command == "type" && words.size() == 2)
    return showType(*models, words[1]);
  if (command == "call" && words.size() >= 2)
    return showCall(*models, words[1], words.drop_front(2));
  return usage();
}

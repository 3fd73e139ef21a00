// Says from the runs of a class's methods which of them send, receive, close and look.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/QueueShape.h"

#include "llvm/ADT/STLExtras.h"

namespace sluice::checker::frontend {

using Change = QueueRun::Change;
using Wakes = QueueRun::Wakes;
using Role = MethodShape::Role;
using Closed = MethodShape::Closed;

namespace {

using WakesAll = std::array<Wakes, 2>;

/// A method with the runs and waits that can happen.
struct Method {
  MethodShape shape;
  std::vector<QueueRun> runs;
  std::set<QueueWait> waits;
  unsigned noted = 0;                         ///< runs with a change so far
  WakesAll always{Wakes::All, Wakes::All};    ///< at least, by each run with a change
  WakesAll atTheEdge{Wakes::All, Wakes::All}; ///< by those from the empty or full queue

  bool waitsIn(const QueueState &s) const {
    return llvm::any_of(waits, [&](const QueueWait &w) { return w.state == s; });
  }
  bool waitsOn(unsigned condition) const {
    return llvm::any_of(waits, [&](const QueueWait &w) { return w.condition == condition; });
  }
};

/// Takes over a result that must be the same each time.
bool same(std::optional<QueueValue> &known, const QueueRun &run) {
  QueueValue v = run.result.value_or(QueueValue());
  if (!known)
    known = v;
  return *known == v;
}

class Shaper {
public:
  Shaper(const std::vector<QueueBehaviour> &behaviours, const std::vector<QueueState> &states)
      : states(states) {
    for (const QueueBehaviour &b : behaviours) {
      Method &m = methods.emplace_back();
      m.runs = b.runs;
      m.waits = b.waits;
    }
  }

  std::optional<QueueShape> shape() {
    if (!llvm::all_of(methods, [this](Method &m) { return findRole(m); }))
      return std::nullopt;
    findBound();
    bool fit = llvm::all_of(methods, [this](Method &m) {
      forgetUnreachable(m);
      return findWaits(m) && describe(m);
    });
    if (!fit || !complete() || !everybodyWakes())
      return std::nullopt;
    QueueShape out;
    out.bound = bound;
    for (const Method &m : methods)
      out.methods.push_back(m.shape);
    return out;
  }

private:
  bool findRole(Method &m) {
    std::set<Change> changes;
    bool unlocked = false;
    for (const QueueRun &r : m.runs) {
      if (r.change != Change::None)
        changes.insert(r.change);
      unlocked |= r.unlocked || !r.met;
    }
    if (changes.size() > 1 || (unlocked && !changes.empty()))
      return false;
    if (changes.empty())
      return m.waits.empty() && !m.runs.empty();
    m.shape.role = changes.contains(Change::Put)    ? Role::Send
                   : changes.contains(Change::Take) ? Role::Receive
                                                    : Role::Close;
    return true;
  }

  /// The smallest size at which an open queue takes no more.
  void findBound() {
    for (const Method &m : methods) {
      if (m.shape.role != Role::Send)
        continue;
      for (const QueueState &s : states) {
        bool puts = llvm::any_of(
            m.runs, [&](const QueueRun &r) { return r.met == s && r.change == Change::Put; });
        if (!s.closed && (!puts || m.waitsIn(s)))
          bound = std::min(bound.value_or(s.size), s.size);
      }
    }
  }

  bool full(const QueueState &s) const { return bound && s.size >= *bound; }

  void forgetUnreachable(Method &m) {
    auto tooFull = [&](const QueueState &s) { return bound && s.size > *bound; };
    llvm::erase_if(m.runs, [&](const QueueRun &r) { return r.met && tooFull(*r.met); });
    for (auto w = m.waits.begin(); w != m.waits.end();)
      w = tooFull(w->state) ? m.waits.erase(w) : std::next(w);
  }

  bool findWaits(Method &m) {
    m.shape.timed = llvm::any_of(m.waits, [](const QueueWait &w) { return w.timed; });
    m.shape.tries = m.waits.empty();
    return llvm::all_of(m.waits, [&](const QueueWait &w) { return w.timed == m.shape.timed; });
  }

  bool describe(Method &m) {
    switch (m.shape.role) {
    case Role::Send:
    case Role::Receive:
      return exchanges(m);
    case Role::Close:
      return closes(m);
    case Role::Look:
      return looks(m);
    }
    return false;
  }

  /// Whether a method must wait (or fail) in a state, being open.
  bool stuckIn(const Method &m, const QueueState &s) const {
    return m.shape.role == Role::Send ? full(s) : s.size == 0;
  }

  /// What a send or receive does where it finds the queue closed.
  bool findClosed(Method &m) {
    QueueState s{0, true};
    if (!llvm::is_contained(states, s))
      return true;
    if (m.waitsIn(s))
      return false;
    for (const QueueRun &r : m.runs)
      if (r.met == s && !r.gaveUp)
        m.shape.closed = r.change == Change::Put ? Closed::Anyway
                         : r.threw               ? Closed::Throws
                                                 : Closed::Quiet;
    return m.shape.closed != Closed::Never;
  }

  bool exchanges(Method &m) {
    if (!findClosed(m))
      return false;
    bool sends = m.shape.role == Role::Send;
    for (const QueueState &s : states) {
      if (bound && s.size > *bound)
        continue;
      bool refused = s.closed && m.shape.closed != Closed::Anyway && (sends || s.size == 0);
      bool stuck = !refused && stuckIn(m, s);
      if (m.waitsIn(s) != (stuck && !m.shape.tries))
        return false;
    }
    return llvm::all_of(m.runs, [&](const QueueRun &r) { return exchangeFits(m, r, sends); });
  }

  bool exchangeFits(Method &m, const QueueRun &r, bool sends) {
    const QueueState &s = *r.met;
    bool refused = s.closed && m.shape.closed != Closed::Anyway && (sends || s.size == 0);
    bool stuck = !refused && stuckIn(m, s);
    if (r.change != Change::None) {
      note(m, r, sends ? s.size == 0 : full(s));
      bool ok = !refused && !stuck && !r.threw && same(m.shape.success, r);
      if (m.noted++ && (m.shape.put != r.put || m.shape.into != r.into))
        return false;
      m.shape.put = r.put;
      m.shape.into = r.into;
      return ok;
    }
    if (refused && m.shape.closed == Closed::Throws)
      return r.threw || r.gaveUp;
    if (r.threw)
      return false;
    if (refused)
      return same(m.shape.whenClosed, r);
    return (r.gaveUp || (stuck && m.shape.tries)) && same(m.shape.otherwise, r);
  }

  void note(Method &m, const QueueRun &r, bool atTheEdge) {
    for (unsigned c = 0; c != 2; ++c) {
      m.always[c] = std::min(m.always[c], r.wakes[c]);
      if (atTheEdge)
        m.atTheEdge[c] = std::min(m.atTheEdge[c], r.wakes[c]);
    }
  }

  bool closes(Method &m) {
    for (const QueueRun &r : m.runs) {
      if (r.threw || (r.change == Change::None && !r.met->closed))
        return false;
      if (r.change == Change::Close)
        note(m, r, false);
    }
    return m.waits.empty();
  }

  bool looks(Method &m) {
    using Kind = QueueValue::Kind;
    bool size = true, empty = true;
    for (const QueueRun &r : m.runs) {
      QueueValue v = r.result.value_or(QueueValue());
      if (r.threw || (v.kind != Kind::Unknown && v.kind != Kind::Integer && v.kind != Kind::Null))
        return false;
      bool known = r.met && !r.unlocked && v.kind == Kind::Integer;
      size &= known && v.number == r.met->size;
      empty &= known && v.number == (r.met->size == 0);
    }
    m.shape.looks = size    ? MethodShape::Looks::Size
                    : empty ? MethodShape::Looks::Empty
                            : MethodShape::Looks::Elsewhere;
    return true;
  }

  bool waitedOn(Role role, unsigned condition) const {
    return llvm::any_of(
        methods, [&](const Method &m) { return m.shape.role == role && m.waitsOn(condition); });
  }

  /// A queue somebody can put into and somebody waits at.
  bool complete() const {
    bool sends = llvm::any_of(methods, [](auto &m) { return m.shape.role == Role::Send; });
    return sends && (waitedOn(Role::Receive, 0) || waitedOn(Role::Receive, 1));
  }

  /// Every change wakes those who wait for it, whatever else waits on the same condition.
  bool everybodyWakes() const {
    for (unsigned c = 0; c != 2; ++c) {
      bool receivers = waitedOn(Role::Receive, c), senders = waitedOn(Role::Send, c);
      Wakes enough = receivers && senders ? Wakes::All : Wakes::One;
      for (const Method &m : methods) {
        bool mustWake =
            (m.shape.role == Role::Send && receivers) || (m.shape.role == Role::Receive && senders);
        if (mustWake && m.always[c] < enough && m.atTheEdge[c] != Wakes::All)
          return false;
        if (m.shape.role == Role::Close && (receivers || senders) && m.always[c] != Wakes::All)
          return false;
      }
    }
    return true;
  }

  const std::vector<QueueState> &states;
  std::vector<Method> methods;
  std::optional<int64_t> bound;
};

} // namespace

std::optional<QueueShape> shapeOf(const std::vector<QueueBehaviour> &behaviours,
                                  const std::vector<QueueState> &states) {
  return Shaper(behaviours, states).shape();
}

} // namespace sluice::checker::frontend

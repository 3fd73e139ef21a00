// Draws witnesses as SVG.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The heights are those of `.steps` and `.step` in page/report.css.
#include "findings/WitnessPicture.h"

#include "findings/Markup.h"

#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <map>

namespace sluice::checker::findings {
namespace {

constexpr int headHeight = 56, rowHeight = 56, footHeight = 28, nodeOffset = 24, margin = 12;
constexpr int nodeRadius = 11, blockedRadius = 14;
constexpr size_t colours = 6;

int laneWidthFor(size_t lanes) { return lanes <= 2 ? 152 : lanes <= 4 ? 124 : 92; }

const char *labelOf(const Arrow &arrow) {
  return arrow.what == "send"    ? "message"
         : arrow.what == "start" ? "starts"
         : arrow.what == "close" ? "close"
                                 : "signal";
}

class Drawing {
public:
  Drawing(const Finding &finding, const std::vector<Row> &rows, std::string id,
          llvm::raw_ostream &out)
      : finding(finding), rows(rows), id(std::move(id)), out(out),
        laneWidth(laneWidthFor(finding.flows.size())) {}

  void draw();

private:
  void open();
  void stripes();
  void lane(size_t task);
  void arrows();
  void arrow(const Arrow &arrow, const Row &from, const Row &to);
  void label(const Arrow &arrow, const Row &from, const Row &to);
  void node(size_t index);
  std::string description() const;

  int x(size_t task) const { return margin + laneWidth / 2 + static_cast<int>(task) * laneWidth; }
  int y(size_t row) const { return headHeight + static_cast<int>(row) * rowHeight + nodeOffset; }
  int width() const { return 2 * margin + static_cast<int>(finding.flows.size()) * laneWidth; }
  int height() const { return headHeight + static_cast<int>(rows.size()) * rowHeight + footHeight; }
  size_t rowOf(uint32_t order) const;

  const Finding &finding;
  const std::vector<Row> &rows;
  std::string id;
  llvm::raw_ostream &out;
  int laneWidth;
};

size_t Drawing::rowOf(uint32_t order) const {
  auto found = std::find_if(rows.begin(), rows.end(),
                            [&](const Row &row) { return row.step->order == order; });
  return static_cast<size_t>(found - rows.begin());
}

/// What a screen reader says; the list beside the picture has every step.
std::string Drawing::description() const {
  std::string text = std::to_string(finding.flows.size()) +
                     (finding.flows.size() == 1 ? " task" : " tasks") + ", " +
                     std::to_string(rows.size()) + (rows.size() == 1 ? " step" : " steps");
  for (const Row &row : rows)
    if (row.blocked)
      text += "; " + finding.flows[row.task].task + " is blocked for ever at step " +
              std::to_string(row.step->order);
  return text;
}

void Drawing::open() {
  out << llvm::formatv("<svg width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" role=\"img\" "
                       "aria-labelledby=\"{2}-picture\">\n<title id=\"{2}-picture\">{3}</title>\n",
                       width(), height(), id, escaped(description()));
}

void Drawing::stripes() {
  for (size_t row = 0; row < rows.size(); ++row)
    out << llvm::formatv("<g id=\"{0}-row-{1}\"><rect class=\"stripe\" x=\"0\" y=\"{2}\" "
                         "width=\"{3}\" height=\"{4}\"/></g>\n",
                         id, rows[row].step->order, headHeight + static_cast<int>(row) * rowHeight,
                         width(), rowHeight);
}

void Drawing::lane(size_t task) {
  const Flow &flow = finding.flows[task];
  size_t first = rowOf(flow.steps.front().order), last = rowOf(flow.steps.back().order);
  std::string name = escaped(shortened(flow.task, static_cast<size_t>(laneWidth - 24) / 7));
  int from = first == 0 || task == 0 ? headHeight - 18 : y(first);
  out << llvm::formatv("<g class=\"task\"><title>{0}</title>\n"
                       "<rect class=\"head lane-{1}\" x=\"{2}\" y=\"10\" width=\"{3}\" "
                       "height=\"28\" rx=\"7\"/>\n"
                       "<text class=\"head-text\" x=\"{4}\" y=\"28\">{5}</text>\n",
                       escaped(flow.task), task % colours, x(task) - laneWidth / 2 + 6,
                       laneWidth - 12, x(task), name);
  out << llvm::formatv("<path class=\"lane lane-{0}\" opacity=\".25\" d=\"M{1} 38V{2}\"/>\n",
                       task % colours, x(task), height() - footHeight);
  out << llvm::formatv("<path class=\"lane lane-{0}\" d=\"M{1} {2}V{3}\"/>\n", task % colours,
                       x(task), from, y(last));
  if (flow.blocked)
    out << llvm::formatv("<path class=\"lane for-ever blocked-line\" d=\"M{0} {1}V{2}\"/>\n"
                         "<text class=\"blocked-text\" x=\"{0}\" y=\"{3}\">waits for ever</text>\n",
                         x(task), y(last), height() - footHeight, height() - 10);
  out << "</g>\n";
}

void Drawing::arrow(const Arrow &arrow, const Row &from, const Row &to) {
  int side = to.task > from.task ? 1 : -1;
  int startX = x(from.task) + side * nodeRadius, startY = y(rowOf(arrow.from));
  int tip = x(to.task) - side * ((to.blocked ? blockedRadius : nodeRadius) + 2);
  int endX = tip - side * 7, endY = y(rowOf(arrow.to)), middle = (startX + endX) / 2;
  const char *kind = arrow.what == "start" ? " start" : "";
  out << llvm::formatv("<path class=\"arrow{0}\" d=\"M{1} {2}C{3} {2} {3} {4} {5} {4}\"/>\n", kind,
                       startX, startY, middle, endY, endX);
  out << llvm::formatv("<path class=\"arrow-head{0}\" d=\"M{1} {2}l{3} -5v10z\"/>\n", kind, tip,
                       endY, -8 * side);
}

/// Beside the step it comes from: in the middle it would stand on the lanes between.
void Drawing::label(const Arrow &arrow, const Row &from, const Row &to) {
  int side = to.task > from.task ? 1 : -1;
  out << llvm::formatv("<text class=\"arrow-text\" x=\"{0}\" y=\"{1}\" text-anchor=\"{2}\">{3}"
                       "</text>\n",
                       x(from.task) + (nodeRadius + 5) * side, y(rowOf(arrow.from)) - 5,
                       side > 0 ? "start" : "end", labelOf(arrow));
}

/// The labels after all lines, so that none is struck through.
void Drawing::arrows() {
  for (auto part : {&Drawing::arrow, &Drawing::label})
    for (const Arrow &each : finding.arrows) {
      size_t from = rowOf(each.from), to = rowOf(each.to);
      if (from < rows.size() && to < rows.size())
        (this->*part)(each, rows[from], rows[to]);
    }
}

void Drawing::node(size_t index) {
  const Row &row = rows[index];
  int centre = x(row.task), middle = y(index);
  if (row.blocked)
    out << llvm::formatv("<path class=\"node blocked\" d=\"M{0} {1}h12l8 8v12l-8 8h-12l-8 -8v-12z\""
                         "/>\n",
                         centre - 6, middle - blockedRadius);
  else
    out << llvm::formatv("<circle class=\"node fill-{0}\" cx=\"{1}\" cy=\"{2}\" r=\"{3}\"/>\n",
                         row.task % colours, centre, middle, nodeRadius);
  out << llvm::formatv("<text class=\"node-text\" x=\"{0}\" y=\"{1}\">{2}</text>\n", centre,
                       middle + 4, row.step->order);
}

void Drawing::draw() {
  open();
  stripes();
  for (size_t task = 0; task < finding.flows.size(); ++task)
    if (!finding.flows[task].steps.empty())
      lane(task);
  arrows();
  for (size_t row = 0; row < rows.size(); ++row)
    node(row);
  out << "</svg>\n";
}

} // namespace

std::vector<Row> rowsOf(const Finding &finding) {
  std::map<uint32_t, Row> inOrder;
  for (size_t task = 0; task < finding.flows.size(); ++task) {
    const Flow &flow = finding.flows[task];
    for (const FlowStep &step : flow.steps)
      inOrder[step.order] = {task, &step, flow.blocked && &step == &flow.steps.back()};
  }
  std::vector<Row> rows;
  for (const auto &[order, row] : inOrder)
    rows.push_back(row);
  return rows;
}

void drawWitness(const Finding &finding, const std::vector<Row> &rows, const std::string &id,
                 llvm::raw_ostream &out) {
  Drawing(finding, rows, id, out).draw();
}

} // namespace sluice::checker::findings

#include "graph.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/errors.hpp"

namespace nt {
namespace {

constexpr int kMargin = 20;
constexpr int kGap = 60;        // between two columns of boxes, for the arrows
constexpr int kBoxHeight = 66;  // three lines of text
constexpr int kRow = 96;        // from one box to the one below
constexpr int kCharacter = 7;   // about the width of a character

/// The first few values; of an empty handle none.
std::string values_text(const Array& array) {
  if (!array) return "none";
  std::vector<float> values = array.host().values;
  const bool cut = values.size() > 3;
  if (cut) values.resize(3);
  return fmt::format("{:.4g}{}", fmt::join(values, ", "), cut ? ", ..." : "");
}

/// What is written in a node's box.
struct Label {
  std::string title, shape, data, gradient;

  int width() const {
    const std::size_t longest =
        std::max({title.size() + shape.size() + 1, data.size(), gradient.size()});
    return kCharacter * static_cast<int>(longest) + 20;
  }
};

std::vector<Label> labels(const Tape& tape, const std::vector<Array>& gradients,
                          const LeafNames& names) {
  const std::vector<Tape::Node>& nodes = tape.nodes();
  if (nodes.size() != gradients.size()) {
    throw Error(fmt::format("graph: a gradient for each node: nodes are {}, gradients are {}",
                            nodes.size(), gradients.size()));
  }
  std::vector<Label> result;
  for (std::size_t id = 0; id < nodes.size(); ++id) {
    const auto name = names.find(nodes[id].tensor.identity());
    result.push_back(
        {name == names.end() ? nodes[id].name : name->second, nodes[id].tensor.shape().text(),
         "data " + values_text(nodes[id].tensor.data()), "gradient " + values_text(gradients[id])});
  }
  return result;
}

/// Where a node's box stands: columns from the left, rows from the top.
struct Place {
  int column, row;
};

/// A node's column is one more than that of its last input; in a column the nodes stand below one
/// another.
std::vector<Place> places(const Tape& tape) {
  std::vector<int> heights;  // how many nodes a column has
  std::vector<Place> result;
  for (const Tape::Node& node : tape.nodes()) {
    int column = 0;
    for (const Tape::Edge& edge : node.edges) {
      column = std::max(column, result[edge.input].column + 1);
    }
    heights.resize(std::max(heights.size(), static_cast<std::size_t>(column) + 1));
    result.push_back({column, heights[static_cast<std::size_t>(column)]++});
  }
  return result;
}

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    result += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
  }
  return result;
}

std::string box(int x, int y, int width, const Label& label) {
  const auto line = [&](int below, const std::string& color, const std::string& text) {
    return fmt::format("<text x=\"{}\" y=\"{}\" fill=\"{}\">{}</text>\n", x + width / 2, y + below,
                       color, text);
  };
  return fmt::format(
             "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"6\" fill=\"#fff\" "
             "stroke=\"#345\"/>\n",
             x, y, width, kBoxHeight) +
         line(20, "#123",
              fmt::format("<tspan font-weight=\"bold\">{}</tspan> {}", escaped(label.title),
                          label.shape)) +
         line(39, "#123", label.data) + line(57, "#b33", label.gradient);
}

std::string arrow(int from_x, int from_y, int to_x, int to_y) {
  return fmt::format("<path d=\"M{} {} L{} {}\" stroke=\"#678\" marker-end=\"url(#head)\"/>\n",
                     from_x, from_y, to_x, to_y);
}

std::string document(int width, int height, const std::string& content) {
  return fmt::format(
      R"svg(<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}"
 font-family="sans-serif" font-size="13" text-anchor="middle">
<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8"
 orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="#678"/></marker></defs>
<rect width="{0}" height="{1}" fill="#f6f8fa"/>
{2}</svg>
)svg",
      width, height, content);
}

}  // namespace

std::string graph_text(const Tape& tape, const std::vector<Array>& gradients,
                       const LeafNames& names) {
  const std::vector<Label> label = labels(tape, gradients, names);
  std::string text;
  for (std::size_t id = 0; id < label.size(); ++id) {
    std::vector<std::string> inputs;
    for (const Tape::Edge& edge : tape.nodes()[id].edges) {
      inputs.push_back(fmt::format("%{}", edge.input));
    }
    const std::string call = inputs.empty()
                                 ? label[id].title
                                 : fmt::format("{}({})", label[id].title, fmt::join(inputs, ", "));
    text += fmt::format("%{:<2} {:<18} {:<7} {:<20} {}\n", id, call, label[id].shape,
                        label[id].data, label[id].gradient);
  }
  return text;
}

std::string graph_svg(const Tape& tape, const std::vector<Array>& gradients,
                      const LeafNames& names) {
  const std::vector<Label> label = labels(tape, gradients, names);
  const std::vector<Place> place = places(tape);
  int box_width = 0;
  for (const Label& one : label) box_width = std::max(box_width, one.width());
  const auto left = [&](Tape::Id id) { return kMargin + place[id].column * (box_width + kGap); };
  const auto top = [&](Tape::Id id) { return kMargin + place[id].row * kRow; };

  int width = 0;
  int height = 0;
  std::string content;
  for (std::size_t id = 0; id < label.size(); ++id) {
    width = std::max(width, left(id) + box_width + kMargin);
    height = std::max(height, top(id) + kBoxHeight + kMargin);
    content += box(left(id), top(id), box_width, label[id]);
    const std::vector<Tape::Edge>& edges = tape.nodes()[id].edges;
    for (std::size_t e = 0; e < edges.size(); ++e) {  // they arrive below one another
      const int arrival = kBoxHeight * static_cast<int>(e + 1) / static_cast<int>(edges.size() + 1);
      content += arrow(left(edges[e].input) + box_width, top(edges[e].input) + kBoxHeight / 2,
                       left(id), top(id) + arrival);
    }
  }
  return document(width, height, content);
}

}  // namespace nt

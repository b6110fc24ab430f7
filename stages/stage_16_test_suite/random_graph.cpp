#include "random_graph.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "columns.hpp"
#include "core/errors.hpp"
#include "judge.hpp"
#include "shrink.hpp"

namespace nt {
namespace {

constexpr float kLargest = 4;
constexpr std::int64_t kMostNumbers = 64;

constexpr float kStep = 1e-3F;         // random graphs bend: shorter than for single operations
constexpr double kSlopeLimit = 1e-2;   // measured with 20000 graphs: 2.7e-3; 99.9 % below 2.2e-4
constexpr double kColumnLimit = 2e-5;  // measured with the same: 4.3e-6

constexpr std::uint64_t kSeed = 7;  // of dy and of the directions

std::vector<Tensor> tensors(const std::vector<HostArray>& x) {
  std::vector<Tensor> result;
  result.reserve(x.size());
  for (const HostArray& values : x) result.emplace_back(op::array(values), true);
  return result;
}

/// Every node's value.
std::vector<Tensor> evaluate(const Graph& graph, const std::vector<Tensor>& leaves) {
  std::vector<Tensor> values;
  auto next = leaves.begin();
  for (const Node& node : graph) {
    std::vector<Tensor> inputs;
    for (const std::size_t input : node.inputs) inputs.push_back(values[input]);
    values.push_back(node.op == "leaf" ? *next++ : compute(node, inputs));
  }
  return values;
}

bool is_tame(const HostArray& x) {
  return x.shape.count() > 0 && x.shape.count() <= kMostNumbers &&
         std::all_of(x.values.begin(), x.values.end(),
                     [](float value) { return std::abs(value) < kLargest; });
}

/// A graph that grows, mostly upon its last node; what does not fit is left out.
class Growth {
 public:
  explicit Growth(Random& random) : random_(random) {
    add({"leaf", eighths({1 + below(3), 1 + below(4)}, random_), {}, {}});
  }

  /// Whether there is one step more.
  bool try_step() {
    const std::size_t first = below(4) > 0 ? graph.size() - 1 : random_.below(graph.size());
    Node node = draw_step(values_[first].shape, random_);
    node.inputs = {first};
    if (inputs_of(node) == 2) {
      const bool new_leaf = below(2) == 0;
      if (new_leaf) {
        const Shape shape = fitting(node, values_[first].shape, random_);
        add({"leaf", eighths(shape, random_), {}, {}});
      }
      node.inputs.push_back(new_leaf ? graph.size() - 1 : random_.below(graph.size()));
    }
    return add(node);
  }

  Graph graph;

 private:
  std::int64_t below(std::uint64_t bound) {
    return static_cast<std::int64_t>(random_.below(bound));
  }

  /// Whether the node fits the graph, which then has it.
  bool add(const Node& node) try {
    std::vector<HostArray> inputs;
    for (const std::size_t input : node.inputs) inputs.push_back(values_[input]);
    if (node.op != "leaf" && !is_gentle(node, inputs)) return false;
    const HostArray value =
        node.op == "leaf" ? node.leaf : compute(node, tensors(inputs)).data().host();
    if (!is_tame(value)) return false;
    graph.push_back(node);
    values_.push_back(value);
    return true;
  } catch (const ShapeError&) {
    return false;
  }

  Random& random_;
  std::vector<HostArray> values_;
};

/// The value, and the gradient of every leaf, of L = <dy, value>.
std::vector<HostArray> value_and_gradients(const Graph& graph, Backend backend) {
  set_backend(backend);
  const std::vector<Tensor> x = tensors(leaves_of(graph));
  Tape tape;
  const Tensor y = function_of(graph)(x);
  std::vector<HostArray> all{y.data().host()};
  Random random(kSeed);
  tape.backward(y, op::array(normal(y.shape(), random)));
  for (const Tensor& leaf : x) all.push_back(leaf.grad().host());
  return all;
}

}  // namespace

Graph random_graph(Random& random, int steps) {
  Growth growth(random);
  while (steps > 0) steps -= growth.try_step() ? 1 : 0;
  return without_the_unused(growth.graph);
}

std::vector<HostArray> leaves_of(const Graph& graph) {
  std::vector<HostArray> leaves;
  for (const Node& node : graph) {
    if (node.op == "leaf") leaves.push_back(node.leaf);
  }
  return leaves;
}

TensorFunction function_of(const Graph& graph) {
  return [graph](const std::vector<Tensor>& leaves) { return evaluate(graph, leaves).back(); };
}

std::vector<HostArray> values_of(const Graph& graph) {
  std::vector<HostArray> values;
  for (const Tensor& value : evaluate(graph, tensors(leaves_of(graph)))) {
    values.push_back(value.data().host());
  }
  return values;
}

std::string code(const Graph& graph) {
  std::string lines;
  for (std::size_t i = 0; i < graph.size(); ++i) {
    lines += fmt::format("const Tensor v{} = {};\n", i, expression(graph[i]));
  }
  return lines;
}

double slope_error(const Graph& graph, Backend backend) {
  set_backend(backend);
  Random random(kSeed);
  return slope_error(function_of(graph), leaves_of(graph), random, kStep);
}

double difference_from_trusted(const Graph& graph, Backend backend) {
  const std::vector<HostArray> expected = value_and_gradients(graph, kTrusted);
  const std::vector<HostArray> actual = value_and_gradients(graph, backend);
  double worst = 0;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const double difference = relative_difference(actual[i], expected[i]);
    if (!(difference <= worst)) worst = difference;  // a NaN stays
  }
  return worst;
}

std::string complaint_about(const Graph& graph, Backend backend) try {
  const double slope = slope_error(graph, backend);
  if (!(slope <= kSlopeLimit)) {
    return fmt::format("the gradient is not the slope: they differ by {:.2g}, relative", slope);
  }
  const double difference = difference_from_trusted(graph, backend);
  if (difference <= kColumnLimit) return "";
  return fmt::format("'{}' is not '{}': they differ by {:.2g}, relative", name(backend),
                     name(kTrusted), difference);
} catch (const NotImplemented&) {
  throw;
} catch (const Error& error) {
  set_backend(backend);
  return error.what();
}

}  // namespace nt

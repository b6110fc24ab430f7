#include "graph_steps.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <variant>

namespace nt {
namespace {

using Numbers = std::vector<std::int64_t>;

// The forms of operations: what they take beside Tensors.
using OfOne = Tensor (*)(const Tensor& x);
using OfTwo = Tensor (*)(const Tensor& a, const Tensor& b);
using WithAxes = Tensor (*)(const Tensor& x, const Axes& axes);
using WithShape = Tensor (*)(const Tensor& x, const Shape& shape);
using WithRange = Tensor (*)(const Tensor& x, int axis, std::int64_t from, std::int64_t to);

/// Where an input must lie, so that there is a slope, and not too steep a one.
enum class Domain { all, below_one, above_quarter, beyond_quarter };

Numbers nothing(const Shape& /*x*/, Random& /*random*/) { return {}; }

struct Kind {
  const char* op;
  std::variant<OfOne, OfTwo, WithAxes, WithShape, WithRange> function;
  Domain domain = Domain::all;                       // of the last input
  Numbers (*draw)(const Shape&, Random&) = nothing;  // what it is told, for a first input x
};

std::int64_t below(Random& random, std::int64_t bound) {
  return static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(bound)));
}

Numbers all_axes(const Shape& x, Random& random) { return random.permutation(x.rank()); }

Numbers some_axes(const Shape& x, Random& random) {
  Numbers axes = all_axes(x, random);
  axes.resize(static_cast<std::size_t>(below(random, x.rank() + 1)));
  return axes;
}

Numbers flat(const Shape& x, Random& /*random*/) { return {x.count()}; }

/// A new axis of 2 or 3 in front.
Numbers repeated(const Shape& x, Random& random) {
  Numbers sizes = x.sizes();
  sizes.insert(sizes.begin(), 2 + below(random, 2));
  return sizes;
}

/// An axis and a range of it that is not empty; of a single number there is none, and slice says
/// so.
Numbers range(const Shape& x, Random& random) {
  if (x.rank() == 0) return {0, 0, 1};
  const std::int64_t axis = below(random, x.rank());
  const std::int64_t start = below(random, x[static_cast<int>(axis)]);
  return {axis, start, start + 1 + below(random, x[static_cast<int>(axis)] - start)};
}

Numbers zeros(const Shape& x, Random& random) {
  return {below(random, std::max(1, x.rank())), below(random, 2), below(random, 3)};
}

const Kind kKinds[] = {
    {"add", OfTwo{add}},
    {"subtract", OfTwo{subtract}},
    {"multiply", OfTwo{multiply}},
    {"divide", OfTwo{divide}, Domain::beyond_quarter},
    {"matmul", OfTwo{matmul}},
    {"exp", OfOne{exp}, Domain::below_one},
    {"log", OfOne{log}, Domain::above_quarter},
    {"sqrt", OfOne{sqrt}, Domain::above_quarter},
    {"erf", OfOne{erf}},
    {"tanh", OfOne{tanh}},
    {"sum", [](const Tensor& x, const Axes& axes) { return sum(x, axes); }, {}, some_axes},
    {"mean", [](const Tensor& x, const Axes& axes) { return mean(x, axes); }, {}, some_axes},
    {"permute", WithAxes{permute}, {}, all_axes},
    {"reshape", WithShape{reshape}, {}, flat},
    {"expand", WithShape{expand}, {}, repeated},
    {"slice", WithRange{slice}, {}, range},
    {"pad", WithRange{pad}, {}, zeros},
};

const Kind& kind_of(const Node& node) {
  return *std::find_if(std::begin(kKinds), std::end(kKinds),
                       [&](const Kind& kind) { return kind.op == node.op; });
}

/// Calls the function of its form.
struct Call {
  const std::vector<Tensor>& in;
  const Numbers& told;

  Tensor operator()(OfOne f) const { return f(in[0]); }
  Tensor operator()(OfTwo f) const { return f(in[0], in[1]); }
  Tensor operator()(WithAxes f) const { return f(in[0], Axes(told.begin(), told.end())); }
  Tensor operator()(WithShape f) const { return f(in[0], Shape(told)); }
  Tensor operator()(WithRange f) const {
    return f(in[0], static_cast<int>(told[0]), told[1], told[2]);
  }
};

bool lies_in(Domain domain, float value) {
  switch (domain) {
    case Domain::all: return true;
    case Domain::below_one: return value < 1;
    case Domain::above_quarter: return value > 0.25F;
    case Domain::beyond_quarter: return std::abs(value) > 0.25F;
  }
  return false;
}

}  // namespace

Tensor compute(const Node& node, const std::vector<Tensor>& inputs) {
  return std::visit(Call{inputs, node.numbers}, kind_of(node).function);
}

std::size_t inputs_of(const Node& node) {
  return std::holds_alternative<OfTwo>(kind_of(node).function) ? 2 : 1;
}

std::string expression(const Node& node) {
  if (node.op == "leaf") {
    std::vector<std::string> numbers;
    for (const float value : node.leaf.values) {
      numbers.push_back(value == std::floor(value) ? fmt::format("{:.0f}", value)
                                                   : fmt::format("{}F", value));
    }
    return fmt::format("Tensor(op::array({{{{{}}}, {{{}}}}}), true)",
                       fmt::join(node.leaf.shape, ", "), fmt::join(numbers, ", "));
  }
  std::string text = node.op + "(";
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    text += fmt::format("{}v{}", i > 0 ? ", " : "", node.inputs[i]);
  }
  const Kind& kind = kind_of(node);
  if (std::holds_alternative<WithRange>(kind.function)) {
    return fmt::format("{}, {})", text, fmt::join(node.numbers, ", "));
  }
  const bool told = std::holds_alternative<WithAxes>(kind.function) ||
                    std::holds_alternative<WithShape>(kind.function);
  return told ? fmt::format("{}, {{{}}})", text, fmt::join(node.numbers, ", ")) : text + ")";
}

Node draw_step(const Shape& x, Random& random) {
  const Kind& kind = kKinds[random.below(std::size(kKinds))];
  return {kind.op, {}, {}, kind.draw(x, random)};
}

bool is_gentle(const Node& node, const std::vector<HostArray>& inputs) {
  const std::vector<float>& values = inputs.back().values;
  return std::all_of(values.begin(), values.end(), [domain = kind_of(node).domain](float value) {
    return lies_in(domain, value);
  });
}

Shape fitting(const Node& node, const Shape& x, Random& random) {
  if (node.op == "matmul" && x.rank() > 0) return {x[x.rank() - 1], 1 + below(random, 3)};
  const std::int64_t dropped = below(random, x.rank() + 1);
  Numbers sizes(x.begin() + dropped, x.end());
  for (std::int64_t& size : sizes) size = random.below(3) == 0 ? 1 : size;
  return Shape(sizes);
}

HostArray eighths(const Shape& shape, Random& random) {
  HostArray x = filled(shape);
  for (float& value : x.values) {
    const auto size = static_cast<float>(1 + random.below(16)) / 8;
    value = random.below(2) == 0 ? size : -size;
  }
  return x;
}

}  // namespace nt

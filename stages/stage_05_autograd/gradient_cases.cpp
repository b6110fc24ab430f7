#include "gradient_cases.hpp"

#include <algorithm>

#include "tensor_ops.hpp"

namespace nt {
namespace {

using Arguments = std::vector<Tensor>;

/// How the values of an argument are drawn.
using Draw = HostArray (*)(const Shape&, Random&);

/// Between two numbers, evenly.
HostArray between(const Shape& shape, float from, float to, Random& random) {
  HostArray x{shape, {}};
  for (std::int64_t i = 0; i < shape.count(); ++i) {
    x.values.push_back(from + (to - from) * random.uniform());
  }
  return x;
}

/// Where erf and tanh are not yet flat.
HostArray small(const Shape& shape, Random& random) { return between(shape, -1, 1, random); }

HostArray positive(const Shape& shape, Random& random) { return between(shape, 2, 3, random); }

HostArray nonzero(const Shape& shape, Random& random) {
  HostArray x = positive(shape, random);
  for (float& value : x.values) value *= random.below(2) == 0 ? 1.0F : -1.0F;
  return x;
}

/// A tenth apart, in random order.
HostArray apart(const Shape& shape, Random& random) {
  HostArray x{shape, {}};
  const std::int64_t middle = shape.count() / 2;
  for (const std::int64_t place : random.permutation(shape.count())) {
    x.values.push_back(0.1F * static_cast<float>(place - middle));
  }
  return x;
}

class Cases {
 public:
  explicit Cases(std::uint64_t seed) : random_(seed) {}

  void add(const char* op, const std::vector<Shape>& shapes, Draw draw, TensorFunction f) {
    std::vector<HostArray> x;
    x.reserve(shapes.size());
    for (const Shape& shape : shapes) x.push_back(draw(shape, random_));
    all.push_back({op, std::move(x), std::move(f)});
  }

  std::vector<GradientCase> all;

 private:
  Random random_;
};

void add_elementwise(Cases& cases) {
  const Shape shapes[] = {{},   {1},      {7},       {8},          {9},
                          {33}, {2, 3},   {2, 1, 3}, {2, 1, 2, 3}, {2, 1, 3, 1, 2},
                          {0},  {2, 0, 3}};
  for (const Shape& x : shapes) {
    cases.add("exp", {x}, normal, [](const Arguments& t) { return exp(t[0]); });
    cases.add("log", {x}, positive, [](const Arguments& t) { return log(t[0]); });
    cases.add("sqrt", {x}, positive, [](const Arguments& t) { return sqrt(t[0]); });
    cases.add("erf", {x}, small, [](const Arguments& t) { return erf(t[0]); });
    cases.add("tanh", {x}, small, [](const Arguments& t) { return tanh(t[0]); });
    for (const float p : {-1.0F, 0.0F, 0.5F, 1.0F, 3.0F}) {
      cases.add("power", {x}, positive, [p](const Arguments& t) { return power(t[0], p); });
    }
  }
}

void add_broadcast(Cases& cases) {
  const std::vector<Shape> pairs[] = {
      {{}, {}},
      {{3}, {}},
      {{1}, {7}},
      {{8}, {8}},
      {{9}, {1}},
      {{33}, {33}},
      {{2, 3}, {3}},
      {{2, 1}, {1, 3}},
      {{4, 1}, {2, 1, 3}},
      {{2, 1, 3, 1}, {2, 1, 2}},
      {{2, 1, 2, 1, 3}, {3, 1, 2, 1}},
      {{1}, {0}},
      {{2, 1, 3}, {0, 1}},
  };
  for (const auto& pair : pairs) {
    cases.add("add", pair, normal, [](const Arguments& t) { return add(t[0], t[1]); });
    cases.add("subtract", pair, normal, [](const Arguments& t) { return subtract(t[0], t[1]); });
    cases.add("multiply", pair, normal, [](const Arguments& t) { return multiply(t[0], t[1]); });
    cases.add("divide", pair, nonzero, [](const Arguments& t) { return divide(t[0], t[1]); });
  }
  const std::vector<Shape> beside_three[] = {
      {{}, {}},     {{3}, {3}}, {{2, 1}, {}}, {{2, 1, 3}, {4, 1}}, {{}, {2, 2, 1, 1, 3}},
      {{0, 3}, {3}}};
  for (const auto& pair : beside_three) {
    cases.add("where", pair, normal, [](const Arguments& t) {
      return where(Tensor(op::array({{3}, {1, 0, -2}})), t[0], t[1]);
    });
  }
}

void add_products(Cases& cases) {
  const std::vector<Shape> pairs[] = {
      {{1, 1}, {1, 1}},          {{2, 3}, {3, 4}},
      {{7, 8}, {8, 9}},          {{1, 33}, {33, 1}},
      {{5, 2, 3}, {3, 4}},       {{2, 3}, {5, 3, 1}},
      {{2, 1, 2, 3}, {4, 3, 2}}, {{2, 1, 3, 1, 2}, {1, 2, 1, 2, 2}},
      {{2, 0}, {0, 3}},          {{0, 2, 3}, {3, 2}},
  };
  for (const auto& pair : pairs) {
    cases.add("matmul", pair, normal, [](const Arguments& t) { return matmul(t[0], t[1]); });
  }
}

void add_reductions(Cases& cases) {
  struct Reduced {
    Shape x;
    Axes axes;
  };
  const Reduced reductions[] = {
      {{}, {}},
      {{33}, {0}},
      {{2, 3}, {}},
      {{2, 3}, {-1}},
      {{2, 3}, {1, 0}},
      {{2, 1, 3}, {1}},
      {{2, 3, 1, 2}, {0, -2}},
      {{2, 1, 3, 1, 2}, {2, -1}},
      {{0, 3}, {1}},
  };
  for (const auto& [x, axes] : reductions) {
    for (const bool keep : {false, true}) {
      const Axes over = axes;
      cases.add("sum", {x}, normal, [=](const Arguments& t) { return sum(t[0], over, keep); });
      cases.add("mean", {x}, normal, [=](const Arguments& t) { return mean(t[0], over, keep); });
      cases.add("max", {x}, apart, [=](const Arguments& t) { return max(t[0], over, keep); });
    }
  }
  cases.add("sum", {{0, 3}}, normal, [](const Arguments& t) { return sum(t[0], {0}); });
  cases.add("pick", {{4, 3}}, normal, [](const Arguments& t) { return pick(t[0], {2, 0, 0, 1}); });
  cases.add("pick", {{1, 1}}, normal, [](const Arguments& t) { return pick(t[0], {0}); });
  cases.add("pick", {{0, 3}}, normal, [](const Arguments& t) { return pick(t[0], {}); });
}

void add_views(Cases& cases) {
  const auto add = [&](const char* op, const Shape& x, const auto& view) {
    cases.add(op, {x}, normal, [=](const Arguments& t) { return view(t[0]); });
  };
  add("reshape", {}, [](const Tensor& x) { return reshape(x, {1, 1}); });
  add("reshape", {2, 3}, [](const Tensor& x) { return reshape(x, {3, 2}); });
  add("reshape", {2, 1, 3, 1, 2}, [](const Tensor& x) { return reshape(x, {6, 2}); });
  add("reshape", {4, 0}, [](const Tensor& x) { return reshape(x, {0, 3}); });
  add("permute", {}, [](const Tensor& x) { return permute(x, {}); });
  add("permute", {2, 3, 4}, [](const Tensor& x) { return permute(x, {2, 0, 1}); });
  add("permute", {2, 3, 4}, [](const Tensor& x) { return permute(x, {-2, -1, 0}); });
  add("permute", {2, 1, 3, 1, 2}, [](const Tensor& x) { return permute(x, {4, 2, 0, 3, 1}); });
  add("permute", {0, 3}, [](const Tensor& x) { return permute(x, {1, 0}); });
  add("transpose", {2, 3}, [](const Tensor& x) { return transpose(x, 0, 1); });
  add("transpose", {2, 3, 4}, [](const Tensor& x) { return transpose(x, -1, 0); });
  add("transpose", {2, 1, 3, 1, 2}, [](const Tensor& x) { return transpose(x, 2, -1); });
  add("transpose", {0, 3}, [](const Tensor& x) { return transpose(x, -2, -1); });
  add("slice", {7}, [](const Tensor& x) { return slice(x, 0, 2, 5); });
  add("slice", {2, 4}, [](const Tensor& x) { return slice(x, -1, 1, 4); });
  add("slice", {2, 4}, [](const Tensor& x) { return slice(x, 0, 0, 2); });
  add("slice", {2, 1, 3, 1, 2}, [](const Tensor& x) { return slice(x, -3, 2, 3); });
  add("slice", {3, 2}, [](const Tensor& x) { return slice(x, 0, 1, 1); });
  add("expand", {}, [](const Tensor& x) { return expand(x, {2, 3}); });
  add("expand", {3}, [](const Tensor& x) { return expand(x, {2, 3}); });
  add("expand", {2, 1, 3}, [](const Tensor& x) { return expand(x, {4, 2, 5, 3}); });
  add("expand", {2, 1, 1, 1, 3}, [](const Tensor& x) { return expand(x, {2, 2, 1, 2, 3}); });
  add("expand", {1}, [](const Tensor& x) { return expand(x, {0}); });
  add("pad", {3}, [](const Tensor& x) { return pad(x, 0, 1, 2); });
  add("pad", {2, 3}, [](const Tensor& x) { return pad(x, -1, 0, 2); });
  add("pad", {2, 1, 3, 1, 2}, [](const Tensor& x) { return pad(x, -4, 2, 1); });
  add("pad", {2, 0}, [](const Tensor& x) { return pad(x, 1, 1, 1); });
}

}  // namespace

std::vector<GradientCase> gradient_cases(std::uint64_t seed) {
  Cases cases(seed);
  add_elementwise(cases);
  add_broadcast(cases);
  add_products(cases);
  add_reductions(cases);
  add_views(cases);
  std::stable_sort(cases.all.begin(), cases.all.end(),
                   [](const auto& a, const auto& b) { return a.op < b.op; });
  return cases.all;
}

std::vector<HostArray> gradients_of(const GradientCase& one, std::uint64_t seed) {
  std::vector<Tensor> x;
  for (const HostArray& values : one.x) x.emplace_back(op::array(values), true);
  Tape tape;
  const Tensor y = one.f(x);
  Random random(seed);
  tape.backward(y, op::array(normal(y.shape(), random)));
  std::vector<HostArray> dx;
  dx.reserve(x.size());
  for (const Tensor& tensor : x) dx.push_back(tensor.grad().host());
  return dx;
}

}  // namespace nt

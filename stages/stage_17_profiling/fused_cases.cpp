#include "fused_cases.hpp"

#include <algorithm>

#include "attention.hpp"
#include "cross_entropy.hpp"
#include "fused_rows.hpp"

namespace nt {
namespace {

using Arguments = std::vector<Tensor>;
using Row = std::function<Array(const std::vector<Array>&)>;

constexpr std::int64_t kSteps = 3;  // of AdamW, the one that a case takes among them

class Cases {
 public:
  explicit Cases(std::uint64_t seed) : random_(seed) {}

  /// A row upon Arrays has no derivative of its own: its layer has.
  void add_row(const char* op, const std::vector<Shape>& shapes, const Row& row) {
    add(
        op, shapes,
        [row](const Arguments& t) {
          std::vector<Array> x;
          for (const Tensor& tensor : t) x.push_back(tensor.data());
          return Tensor(row(x));
        },
        false);
  }

  void add(const char* op, const std::vector<Shape>& shapes, TensorFunction f,
           bool has_slope = true) {
    std::vector<HostArray> x;
    x.reserve(shapes.size());
    for (const Shape& shape : shapes) x.push_back(normal(shape, random_));
    all.push_back({{op, std::move(x), std::move(f)}, has_slope});
  }

  std::vector<OpCase> all;

 private:
  Random random_;
};

void add_layer_rows(Cases& cases) {
  for (const Shape& x : {Shape{8}, {1, 7}, {2, 5, 9}, {3, 33}, {0, 4}}) {
    const std::int64_t C = x[x.rank() - 1];
    cases.add_row("linear", {x, {7, C}, {7}},
                  [](const auto& a) { return op::linear(a[0], a[1], a[2]); });
    cases.add_row("gelu", {x}, [](const auto& a) { return op::gelu(a[0]); });
    cases.add_row("gelu_gradient", {x, x},
                  [](const auto& a) { return op::gelu_gradient(a[0], a[1]); });
    cases.add_row("softmax", {x}, [](const auto& a) { return op::softmax(a[0]); });
    cases.add_row("softmax_gradient", {x, x},
                  [](const auto& a) { return op::softmax_gradient(a[0], a[1]); });
    cases.add_row("layer_norm", {x, {C}, {C}},
                  [](const auto& a) { return op::layer_norm(a[0], a[1], a[2]); });
    cases.add_row("layer_norm_gradient", {x, {C}, x},
                  [](const auto& a) { return op::layer_norm_gradient(a[0], a[1], a[2]); });
    cases.add_row("layer_norm_weight_gradient", {x, x},
                  [](const auto& a) { return op::layer_norm_weight_gradient(a[0], a[1]); });
  }
}

void add_attention_rows(Cases& cases) {
  for (const Shape& x : {Shape{1, 1}, {5, 8}, {2, 7, 3}, {2, 3, 9, 4}, {2, 0, 5, 4}}) {
    cases.add_row("attention", {x, x, x},
                  [](const auto& a) { return op::attention(a[0], a[1], a[2]); });
    cases.add_row("attention_gradient", {x, x, x, x},
                  [](const auto& a) { return op::attention_gradient(a[0], a[1], a[2], a[3]); });
  }
}

void add_training_rows(Cases& cases) {
  for (const Labels& labels : {Labels{0}, {2, 0, 8, 8, 1}}) {
    const Shape logits{std::ssize(labels), 9};
    cases.add_row("cross_entropy", {logits},
                  [labels](const auto& a) { return op::cross_entropy(a[0], labels); });
    cases.add_row("cross_entropy_gradient", {logits},
                  [labels](const auto& a) { return op::cross_entropy_gradient(a[0], labels); });
  }
  for (const Shape& x : {Shape{}, {33}, {7, 9}, {0, 3}}) {
    cases.add_row("adamw", {x, x, x, x}, [](const auto& a) {
      const Array square = op::multiply(a[3], a[3]);  // v is a mean of squares
      return op::adamw(a[0], a[1], a[2], square, {.weight_decay = 0.1F}, kSteps);
    });
  }
}

Array ones(const Shape& shape) { return op::array(filled(shape, 1)); }

}  // namespace

std::vector<OpCase> fused_cases(std::uint64_t seed) {
  Cases cases(seed);
  add_layer_rows(cases);
  add_attention_rows(cases);
  add_training_rows(cases);
  return cases.all;
}

std::vector<OpCase> large_cases(std::uint64_t seed) {
  Cases cases(seed);
  const auto product = [](const Arguments& t) { return matmul(t[0], t[1]); };
  for (const auto& [M, N] : {std::pair{6, 64}, {13, 65}, {97, 15}, {97, 65}}) {
    cases.add("matmul", {{M, 300}, {300, N}}, product);
  }
  cases.add("matmul", {{40, 9, 33}, {40, 33, 17}}, product);
  cases.add("matmul", {{40, 9, 33}, {33, 17}}, product);
  cases.add("matmul", {{9, 40}, {40, 600}}, product);
  cases.add("matmul", {{9, 33}, {5, 1, 33, 17}}, product);
  cases.add("matmul", {{700, 9}, {33, 9}}, [](const Arguments& t) {
    return matmul(transpose(t[0], 0, 1), transpose(matmul(t[1], transpose(t[0], 0, 1)), 0, 1));
  });
  cases.add("linear", {{23, 49, 33}, {65, 33}, {65}},
            [](const Arguments& t) { return linear(t[0], t[1], t[2]); });
  cases.add("add", {{700, 33}, {33}}, [](const Arguments& t) { return t[0] + t[1]; });
  cases.add("multiply", {{50, 49, 9}, {50, 1, 9}}, [](const Arguments& t) { return t[0] * t[1]; });
  for (const Axes& axes : {Axes{0}, {1}, {0, 2}, {0, 1}, {1, 2}}) {
    cases.add("sum", {{300, 7, 33}}, [axes](const Arguments& t) { return sum(t[0], axes); });
  }
  cases.add("layer_norm", {{600, 33}, {33}, {33}},
            [](const Arguments& t) { return layer_norm(t[0], t[1], t[2]); });
  const Shape heads{3, 4, 49, 16};
  cases.add("attend", {heads, heads, heads},
            [](const Arguments& t) { return attend(t[0], t[1], t[2], {}); });
  return cases.all;
}

std::vector<ErrorCase> fused_error_cases() {
  std::vector<ErrorCase> all;
  const auto add = [&](const std::string& op, const std::string& rule, std::function<void()> call) {
    all.push_back({op, op + ": " + rule, std::move(call)});
  };
  const Shape x{2, 3};
  const Shape w{4, 5};
  add("linear", "sizes differ: x is (2, 3), weight is (4, 5), bias is (4)",
      [=] { op::linear(ones(x), ones(w), ones({4})); });
  add("gelu", "x holds no data", [] { op::gelu(Array()); });
  add("gelu_gradient", "sizes differ: x is (2, 3), dy is (4, 5)",
      [=] { op::gelu_gradient(ones(x), ones(w)); });
  add("softmax", "there are no numbers along a last axis: x is (2, 0)", [] {
    op::softmax(ones({2, 0}));
  });
  add("softmax_gradient", "sizes differ: y is (2, 3), dy is (4, 5)",
      [=] { op::softmax_gradient(ones(x), ones(w)); });
  add("layer_norm", "sizes differ: x is (2, 3), weight is (4), bias is (4)",
      [=] { op::layer_norm(ones(x), ones({4}), ones({4})); });
  add("layer_norm_gradient", "sizes differ: x is (2, 3), weight is (3), dy is (4, 5)",
      [=] { op::layer_norm_gradient(ones(x), ones({3}), ones(w)); });
  add("layer_norm_weight_gradient", "sizes differ: x is (2, 3), dy is (4, 5)",
      [=] { op::layer_norm_weight_gradient(ones(x), ones(w)); });
  add("attention", "sizes differ: q is (2, 3), k is (4, 5), v is (2, 3)",
      [=] { op::attention(ones(x), ones(w), ones(x)); });
  add("attention_gradient", "sizes differ: q is (2, 3), k is (2, 3), v is (2, 3), dy is (4, 5)",
      [=] { op::attention_gradient(ones(x), ones(x), ones(x), ones(w)); });
  add("cross_entropy", "label 1 is 3, and x is (2, 3)", [=] {
    op::cross_entropy(ones(x), {0, 3});
  });
  add("cross_entropy_gradient", "a label for each row: x is (2, 3), labels are 1",
      [=] { op::cross_entropy_gradient(ones(x), {0}); });
  add("adamw", "sizes differ: weight is (2, 3), gradient is (2, 3), m is (2, 3), v is (4, 5)",
      [=] { op::adamw(ones(x), ones(x), ones(x), ones(w), {}, 1); });
  add("adamw", "steps should be 1 or more, found 0",
      [=] { op::adamw(ones(x), ones(x), ones(x), ones(x), {}, 0); });
  return all;
}

}  // namespace nt

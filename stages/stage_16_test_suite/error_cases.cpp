#include "error_cases.hpp"

#include "attention.hpp"
#include "cross_entropy.hpp"
#include "patch_embedding.hpp"

namespace nt {
namespace {

Array of(const Shape& shape) { return op::array(filled(shape, 1)); }
Tensor tensor(const Shape& shape) { return Tensor(of(shape)); }

class Cases {
 public:
  /// `call` is refused with `op: rule`.
  void add(const std::string& op, const std::string& rule, std::function<void()> call) {
    all.push_back({op, op + ": " + rule, std::move(call)});
  }

  std::vector<ErrorCase> all;
};

void add_elementwise(Cases& cases) {
  op::Unary* const unary[] = {&op::exp, &op::log, &op::sqrt, &op::erf, &op::tanh};
  for (op::Unary* row : unary) {
    cases.add(std::string(row->name()), "x holds no data", [row] { (*row)(Array()); });
  }
  cases.add("power", "x holds no data", [] { op::power(Array(), 2); });
  op::Binary* const binary[] = {&op::add,    &op::subtract, &op::multiply,
                                &op::divide, &op::greater,  &op::equal};
  for (op::Binary* row : binary) {
    const std::string name(row->name());
    cases.add(name, "shapes do not broadcast: a is (2, 3), b is (2)", [row] {
      (*row)(of({2, 3}), of({2}));
    });
    cases.add(name, "b holds no data", [row] { (*row)(of({2}), Array()); });
  }
  cases.add("where", "shapes do not broadcast: condition is (2), a is (3), b is ()",
            [] { op::where(of({2}), of({3}), of({})); });
}

void add_products_and_reductions(Cases& cases) {
  const auto refused = [&](const Shape& a, const Shape& b, const std::string& rule) {
    cases.add("matmul", rule + ": a is " + a.text() + ", b is " + b.text(),
              [=] { op::matmul(of(a), of(b)); });
  };
  refused({3}, {3, 4}, "operands must be matrices or stacks of them");
  refused({2, 3}, {4, 5}, "inner dimensions differ");
  refused({2, 3, 4}, {5, 4, 6}, "batch axes do not broadcast");

  op::Reduction* const reductions[] = {&op::sum, &op::mean, &op::max};
  for (op::Reduction* row : reductions) {
    const std::string name(row->name());
    cases.add(name, "axis 2 is out of range: x is (2, 3) of rank 2", [row] {
      (*row)(of({2, 3}), {2}, false);
    });
    cases.add(name, "axis 1 is named twice: x is (2, 3)", [row] {
      (*row)(of({2, 3}), {1, -1}, false);
    });
  }
  cases.add("max", "axis 0 is empty: x is (0, 3)", [] { op::max(of({0, 3}), {0}, false); });
  cases.add("argmax", "axis 1 is empty: x is (3, 0)", [] { op::argmax(of({3, 0}), -1, false); });
  cases.add("argmax", "axis -3 is out of range: x is (2, 3) of rank 2", [] {
    op::argmax(of({2, 3}), -3, false);
  });
  cases.add("pick", "a label for each row: x is (2, 10), labels are 3", [] {
    op::pick(of({2, 10}), {0, 1, 2});
  });
  cases.add("pick", "label 1 is 10, and x is (2, 10)", [] { op::pick(of({2, 10}), {0, 10}); });
}

void add_views(Cases& cases) {
  cases.add("array", "values do not fill the shape: the shape is (2, 3), values are 1", [] {
    op::array({{2, 3}, {1}});
  });
  cases.add("reshape", "numbers of elements differ: x is (2, 3), shape is (4)", [] {
    op::reshape(of({2, 3}), {4});
  });
  cases.add("permute", "order must name every axis once: x is (2, 3), order is (0)", [] {
    op::permute(of({2, 3}), {0});
  });
  cases.add("permute", "axis 1 is named twice: x is (2, 3)", [] {
    op::permute(of({2, 3}), {1, -1});
  });
  cases.add("transpose", "axis 2 is out of range: x is (2, 3) of rank 2", [] {
    op::transpose(of({2, 3}), 0, 2);
  });
  cases.add("slice", "2 to 4 is no range of axis 1: x is (2, 3)", [] {
    op::slice(of({2, 3}), -1, 2, 4);
  });
  cases.add("expand", "x does not broadcast to the shape: x is (2, 3), shape is (3)", [] {
    op::expand(of({2, 3}), {3});
  });
  cases.add("pad", "a negative number of zeros: x is (2, 3), before is -1, after is 0", [] {
    op::pad(of({2, 3}), 0, -1, 0);
  });
}

void add_patches(Cases& cases) {
  const auto embed = [](const Shape& images, const Shape& weight, const Shape& bias) {
    return [=] { op::patch_embedding(of(images), of(weight), of(bias)); };
  };
  cases.add("patch_embedding", "images should be (B, 1, Y, X): images are (2, 8, 8)",
            embed({2, 8, 8}, {6, 1, 4, 4}, {6}));
  cases.add("patch_embedding", "weight should be (C, 1, P, P): weight is (6, 1, 4, 3)",
            embed({2, 1, 8, 8}, {6, 1, 4, 3}, {6}));
  cases.add("patch_embedding", "bias should be (6): bias is (5), weight is (6, 1, 4, 4)",
            embed({2, 1, 8, 8}, {6, 1, 4, 4}, {5}));
  cases.add("patch_embedding", "patches of 5 do not divide the images: images are (2, 1, 8, 8)",
            embed({2, 1, 8, 8}, {6, 1, 5, 5}, {6}));
  cases.add("patch_weight_gradient",
            "dy should be (2, 4, C): dy is (2, 3, 6), images are (2, 1, 8, 8)", [] {
              op::patch_weight_gradient(of({2, 1, 8, 8}), of({2, 3, 6}), 4);
            });
  cases.add("patch_image_gradient",
            "dy should be (2, 4, 6): dy is (2, 3, 6), images are (2, 1, 8, 8)", [] {
              op::patch_image_gradient(of({2, 3, 6}), of({6, 1, 4, 4}), {2, 1, 8, 8});
            });
}

void add_layers(Cases& cases) {
  cases.add("linear", "sizes differ: x is (2, 3), weight is (4, 5), bias is (4)", [] {
    linear(tensor({2, 3}), tensor({4, 5}), tensor({4}));
  });
  cases.add("layer_norm", "sizes differ: x is (2, 3), weight is (4), bias is (4)", [] {
    layer_norm(tensor({2, 3}), tensor({4}), tensor({4}));
  });
  cases.add("softmax", "there are no numbers along a last axis: x is ()",
            [] { softmax(tensor({})); });
  cases.add("log_softmax", "there are no numbers along a last axis: x is (2, 0)", [] {
    log_softmax(tensor({2, 0}));
  });
  cases.add("cross_entropy", "a label for each row: logits are (2, 10), labels are 3", [] {
    cross_entropy(tensor({2, 10}), {0, 1, 2});
  });
  cases.add("cross_entropy", "label 1 is 10: logits are (2, 10)", [] {
    cross_entropy(tensor({2, 10}), {0, 10});
  });

  const auto attends = [&](const Shape& q, const Shape& k, const Shape& v,
                           const std::string& rule) {
    cases.all.push_back(
        {"attend", "attention: " + rule, [=] { attend(tensor(q), tensor(k), tensor(v), {}); }});
  };
  attends({8}, {8}, {8}, "tokens lie along an axis of their own: q is (8)");
  attends({5, 8}, {4, 8}, {4, 8}, "shapes differ: q is (5, 8), k is (4, 8)");
  attends({5, 8}, {5, 8}, {4, 8}, "shapes differ: q is (5, 8), v is (4, 8)");
}

}  // namespace

std::vector<ErrorCase> error_cases() {
  Cases cases;
  add_elementwise(cases);
  add_products_and_reductions(cases);
  add_views(cases);
  add_patches(cases);
  add_layers(cases);
  return cases.all;
}

}  // namespace nt

#include "op_cases.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "attention.hpp"
#include "cross_entropy.hpp"
#include "patch_embedding.hpp"

namespace nt {
namespace {

using Arguments = std::vector<Tensor>;
using Draw = HostArray (*)(const Shape&, Random&);

constexpr bool kNoSlope = false;

/// -1, 0 or 1, so that many are equal.
HostArray few(const Shape& shape, Random& random) {
  HostArray x = filled(shape);
  for (float& value : x.values) value = static_cast<float>(random.below(3)) - 1;
  return x;
}

/// Between 0.5 and 1.5, above 0 or below: away from where relu bends.
HostArray nonzero(const Shape& shape, Random& random) {
  HostArray x = filled(shape);
  for (float& value : x.values) {
    value = (0.5F + random.uniform()) * (random.below(2) == 0 ? 1.0F : -1.0F);
  }
  return x;
}

class Cases {
 public:
  explicit Cases(std::uint64_t seed) : random_(seed) {
    for (const GradientCase& one : gradient_cases(seed)) all.push_back({one});
  }

  void add(const char* op, const std::vector<Shape>& shapes, Draw draw, TensorFunction f,
           bool has_slope = true) {
    std::vector<HostArray> x;
    x.reserve(shapes.size());
    for (const Shape& shape : shapes) x.push_back(draw(shape, random_));
    all.push_back({{op, std::move(x), std::move(f)}, has_slope});
  }

  std::vector<OpCase> all;

 private:
  Random random_;
};

void add_without_slope(Cases& cases) {
  for (const Shape& x : {Shape{}, {33}, {2, 1, 3, 1, 2}, {2, 0}}) {
    const auto copied = [](const Arguments& t) { return Tensor(op::array(t[0].data().host())); };
    cases.add("array", {x}, normal, copied, kNoSlope);
  }
  const std::vector<Shape> pairs[] = {
      {{}, {}}, {{9}, {1}}, {{33}, {33}}, {{4, 1}, {2, 1, 3}}, {{0, 3}, {3}}};
  for (const auto& pair : pairs) {
    const auto larger = [](const Arguments& t) { return greater(t[0], t[1]); };
    const auto same = [](const Arguments& t) { return equal(t[0], t[1]); };
    cases.add("greater", pair, few, larger, kNoSlope);
    cases.add("equal", pair, few, same, kNoSlope);
  }
  struct Along {
    Shape x;
    int axis;
  };
  const Along all[] = {{{33}, 0}, {{7, 8}, 1}, {{7, 8}, -2}, {{2, 1, 3, 1, 2}, 2}, {{0, 9}, -1}};
  for (const auto& [x, axis] : all) {
    for (const bool keep : {false, true}) {
      cases.add(
          "argmax", {x}, few,
          [axis = axis, keep](const Arguments& t) {
            return Tensor(op::argmax(t[0].data(), axis, keep));
          },
          kNoSlope);
    }
  }
}

/// Images of 2P x 3P pixels and their patches.
void add_patches(Cases& cases) {
  struct Sizes {
    std::int64_t B, P, C;
  };
  for (const auto& [B, P, C] : {Sizes{1, 1, 1}, {2, 4, 9}, {3, 2, 33}, {0, 2, 7}}) {
    const Shape images{B, 1, 2 * P, 3 * P};
    const Shape weight{C, 1, P, P};
    const Shape tokens{B, 6, C};
    cases.add("patch_embedding", {images, weight, {C}}, normal,
              [](const Arguments& t) { return patch_embedding(t[0], t[1], t[2]); });
    cases.add(
        "patch_weight_gradient", {images, tokens}, normal,
        [P = P](const Arguments& t) {
          return Tensor(op::patch_weight_gradient(t[0].data(), t[1].data(), P));
        },
        kNoSlope);
    cases.add(
        "patch_image_gradient", {tokens, weight}, normal,
        [images](const Arguments& t) {
          return Tensor(op::patch_image_gradient(t[0].data(), t[1].data(), images));
        },
        kNoSlope);
  }
}

void add_layers(Cases& cases) {
  for (const Shape& x : {Shape{8}, {1, 7}, {2, 5, 9}, {3, 33}, {0, 4}}) {
    const std::int64_t K = x[x.rank() - 1];
    for (const std::int64_t N : {1, 7}) {
      cases.add("linear", {x, {N, K}, {N}}, normal,
                [](const Arguments& t) { return linear(t[0], t[1], t[2]); });
    }
    cases.add("layer_norm", {x, {K}, {K}}, normal,
              [](const Arguments& t) { return layer_norm(t[0], t[1], t[2]); });
    cases.add("softmax", {x}, normal, [](const Arguments& t) { return softmax(t[0]); });
    cases.add("log_softmax", {x}, normal, [](const Arguments& t) { return log_softmax(t[0]); });
  }
  for (const Shape& x : {Shape{}, {1}, {33}, {2, 3, 7}, {2, 0}}) {
    cases.add("relu", {x}, nonzero, [](const Arguments& t) { return relu(t[0]); });
    cases.add("gelu", {x}, normal, [](const Arguments& t) { return gelu(t[0]); });
  }
  for (const Shape& x : {Shape{1, 1}, {5, 8}, {2, 7, 3}, {2, 2, 9, 4}}) {
    cases.add("attend", {x, x, x}, normal,
              [](const Arguments& t) { return attend(t[0], t[1], t[2], {}); });
    cases.add("attend", {x, x, x}, normal, [T = x[x.rank() - 2]](const Arguments& t) {
      return attend(t[0], t[1], t[2], causal_mask(T));
    });
  }
  for (const Labels& labels : {Labels{0}, {2, 0, 8, 8, 1}}) {
    cases.add("cross_entropy", {{std::ssize(labels), 9}}, normal,
              [labels](const Arguments& t) { return cross_entropy(t[0], labels); });
  }
}

}  // namespace

std::vector<OpCase> op_cases(std::uint64_t seed) {
  Cases cases(seed);
  add_without_slope(cases);
  add_patches(cases);
  add_layers(cases);
  return cases.all;
}

std::string text(const OpCase& one) {
  std::vector<std::string> shapes;
  shapes.reserve(one.x.size());
  for (const HostArray& x : one.x) shapes.push_back(x.shape.text());
  return fmt::format("{} of {}", one.op, fmt::join(shapes, ", "));
}

}  // namespace nt

// The gradients of the loops, through the tape and without it, and the form composed of views.

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "finite_difference.hpp"
#include "frozen.hpp"
#include "install_naive.hpp"
#include "patch_agreement.hpp"
#include "patch_embedding.hpp"

namespace nt {
namespace {

constexpr std::int64_t kRagged[] = {1, 7, 8, 9, 33};

void use(Backend backend) {
  install_patches();
  set_backend(backend);
}

/// start, start + 1, ... row by row.
HostArray counted(const Shape& shape, float start = 0) {
  HostArray result = filled(shape);
  std::iota(result.values.begin(), result.values.end(), start);
  return result;
}

HostArray drawn(const Shape& shape, std::uint64_t seed) {
  Random random(seed);
  return normal(shape, random);
}

Array contiguous(const Array& x) { return to_array(as_storage(x).contiguous()); }

/// y and the three gradients of PyTorch's small example, through the tape on the chosen backend.
void check_fixture() {
  const Frozen frozen = Frozen::open("operations");
  const auto fixture = [&](const std::string& name) {
    return frozen.floats("patch_embedding/" + name);
  };
  const Tensor x(op::array(fixture("x")), true);
  const Tensor weight(op::array(fixture("weight")), true);
  const Tensor bias(op::array(fixture("bias")), true);
  Tape tape;
  const Tensor y = patch_embedding(x, weight, bias);
  tape.backward(y, op::array(fixture("dy")));
  // float32 against float64; measured: at most 1.5e-6, for numbers up to 10.
  CHECK_THAT(y.data(), close_to(fixture("y"), 5e-6F));
  for (const Tensor& input : {x, weight, bias}) REQUIRE(static_cast<bool>(input.grad()));
  CHECK_THAT(x.grad(), close_to(fixture("dx"), 5e-6F));
  CHECK_THAT(weight.grad(), close_to(fixture("dweight"), 5e-6F));
  CHECK_THAT(bias.grad(), close_to(fixture("dbias"), 5e-6F));
}

/// How far y's gradients are from the finite difference, on the chosen backend.
double directional_error() {
  Random random(1);
  const std::vector<HostArray> inputs{drawn({2, 1, 6, 9}, 2), drawn({5, 1, 3, 3}, 3),
                                      drawn({5}, 4)};
  const TensorFunction f = [](const std::vector<Tensor>& x) {
    return patch_embedding(x[0], x[1], x[2]);
  };
  return gradient_error(f, inputs, random);
}

TEST_CASE("the weight's gradient sums over all patches of all images", "[stage_09][9.4]") {
  use(Backend::naive);
  // 0  1   2  3       8  9  10 11    dy for filter 0:  1    10     for filter 1:  0  0
  // 4  5   6  7      12 13  14 15                      100  1000                  1  0
  // dweight[0, 0, 0] = 1 * 0 + 10 * 2 + 100 * 8 + 1000 * 10
  const Array images = op::array(counted({2, 1, 2, 4}));
  const Array dy = op::array({{2, 2, 2}, {1, 0, 10, 0, 100, 1, 1000, 0}});
  CHECK_THAT(op::patch_weight_gradient(images, dy, 2),
             close_to(HostArray{{2, 1, 2, 2}, {10820, 11931, 15264, 16375, 8, 9, 12, 13}}, 0));
}

TEST_CASE("the weight's gradient is PyTorch's", "[stage_09][9.4]") {
  use(Backend::naive);
  const Frozen frozen = Frozen::open("operations");
  const Array images = op::array(frozen.floats("patch_embedding/x"));
  const Array dy = op::array(frozen.floats("patch_embedding/dy"));
  // float32 against float64; measured: 9.6e-7, for numbers up to 10.
  CHECK_THAT(op::patch_weight_gradient(images, dy, 4),
             close_to(frozen.floats("patch_embedding/dweight"), 5e-6F));
}

TEST_CASE("the weight's gradient reads views through their strides", "[stage_09][9.4]") {
  use(Backend::naive);
  const Array images = op::permute(op::array(counted({6, 4, 1, 2})), {3, 2, 1, 0});
  const Array dy = op::permute(op::array(counted({3, 6, 2})), {2, 1, 0});
  const Array expected = op::patch_weight_gradient(contiguous(images), contiguous(dy), 2);
  CHECK_THAT(op::patch_weight_gradient(images, contiguous(dy), 2),
             close_to(expected, 0).on_contiguous(expected));
  CHECK_THAT(op::patch_weight_gradient(contiguous(images), dy, 2),
             close_to(expected, 0).on_contiguous(expected));
}

TEST_CASE("NaN in a token's gradient reaches its filter and no other", "[stage_09][9.4]") {
  use(Backend::naive);
  HostArray dy = counted({2, 6, 3});
  dy.values[static_cast<std::size_t>(ravel({1, 4, 2}, dy.shape))] =
      std::numeric_limits<float>::quiet_NaN();
  const HostArray dweight =
      op::patch_weight_gradient(op::array(counted({2, 1, 4, 6})), op::array(dy), 2).host();
  for (std::int64_t n = 0; n < dweight.shape.count(); ++n) {
    const Index at = unravel(n, dweight.shape);
    CAPTURE(text(at));
    CHECK(std::isnan(dweight[at]) == (at[0] == 2));
  }
}

TEST_CASE("without images the weight's gradient is zero", "[stage_09][9.4]") {
  use(Backend::naive);
  const Array none = op::array({{0, 1, 4, 4}, {}});
  CHECK_THAT(op::patch_weight_gradient(none, op::array({{0, 4, 3}, {}}), 2),
             close_to(HostArray{{3, 1, 2, 2}, std::vector<float>(12, 0)}, 0));
}

TEST_CASE("values and every gradient are PyTorch's", "[stage_09][9.5]") {
  use(Backend::naive);
  check_fixture();
}

TEST_CASE("the gradients are the slopes along random directions", "[stage_09][9.5]") {
  use(Backend::naive);
  // The function is a sum of products, whose difference is exact but for rounding; measured:
  // 1.1e-5.
  CHECK(directional_error() < 5e-5);
}

TEST_CASE("images that want no gradient get none, and the weights get theirs", "[stage_09][9.5]") {
  use(Backend::naive);
  Random random(1);
  const PatchEmbedding embed(2, 3, random);
  const Tensor images(op::array(counted({1, 1, 4, 4})));
  Tape tape;
  const Tensor y = embed(images);
  CHECK(tape.nodes().back().edges.size() == 2);
  tape.backward(y, op::array({{1, 4, 3}, std::vector<float>(12, 1)}));
  CHECK_FALSE(images.grad());
  CHECK(embed.weight.grad().shape() == Shape{3, 1, 2, 2});
  CHECK_THAT(embed.bias.grad(), close_to(HostArray{{3}, {4, 4, 4}}, 0));  // four patches
}

TEST_CASE("a new layer has PyTorch's names and shapes, and weights of its range", "[stage_09]") {
  use(Backend::naive);
  Random random(1);
  const PatchEmbedding embed(4, 64, random);
  REQUIRE(embed.parameters().size() == 2);
  CHECK(embed.parameters()[0].first == "weight");
  CHECK(embed.parameters()[1].first == "bias");
  CHECK(embed.weight.shape() == Shape{64, 1, 4, 4});
  CHECK(embed.bias.shape() == Shape{64});
  for (const auto& [name, parameter] : embed.parameters()) {
    CAPTURE(name);
    const std::vector<float> values = parameter.data().host().values;
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    CHECK(*low >= -0.25F);  // 1 / P
    CHECK(*low < -0.22F);
    CHECK(*high < 0.25F);
    CHECK(*high > 0.22F);
  }
}

TEST_CASE("composed of views, a token under one filter a pixel is its patch", "[stage_09][9.6]") {
  use(Backend::naive);
  HostArray weight{{4, 1, 2, 2}, std::vector<float>(16, 0)};  // filter c is 1 at pixel c
  for (std::size_t c = 0; c < 4; ++c) weight.values[5 * c] = 1;
  //  0  1   2  3   4  5
  //  6  7   8  9  10 11
  const HostArray patches{{2, 3, 4}, {0,  1,  6,  7,  2,  3,  8,  9,  4,  5,  10, 11,
                                      12, 13, 18, 19, 14, 15, 20, 21, 16, 17, 22, 23}};
  CHECK_THAT(op::composed_patch_embedding(op::array(counted({2, 1, 2, 6})), op::array(weight),
                                          op::array({{4}, {0, 0, 0, 0}})),
             close_to(patches, 0));
}

TEST_CASE("a backend without loops computes PyTorch's values and gradients", "[stage_09][9.6]") {
  use(Backend::eigen);
  CHECK_FALSE(op::patch_embedding.has_kernel(Backend::eigen));
  check_fixture();
  // As on naive; measured: 5.5e-6.
  CHECK(directional_error() < 5e-5);
}

TEST_CASE("loops and views agree on ragged sizes", "[stage_09][9.6]") {
  install_patches();
  Random random(1);
  for (const Backend backend : {Backend::naive, Backend::eigen}) {
    for (const std::int64_t n : kRagged) {
      for (const std::int64_t C : kRagged) {
        CAPTURE(name(backend), n, C);
        REQUIRE(loops_equal_views({2, 1, 2, n, C}, backend, random));  // patches of n x n
        REQUIRE(loops_equal_views({1, n, 3, 2, C}, backend, random));  // n patches down
        REQUIRE(loops_equal_views({1, 3, n, 2, C}, backend, random));  // n patches across
      }
      REQUIRE(loops_equal_views({n, 2, 3, 2, 5}, backend, random));  // n images
    }
    REQUIRE(loops_equal_views({0, 2, 3, 2, 5}, backend, random));
    REQUIRE(loops_equal_views({2, 0, 3, 2, 5}, backend, random));
    REQUIRE(loops_equal_views({2, 2, 0, 2, 5}, backend, random));
    REQUIRE(loops_equal_views({2, 2, 3, 2, 0}, backend, random));
  }
}

TEST_CASE("on naive, loops and views add in the same order: the same bits", "[stage_09][9.6]") {
  use(Backend::naive);
  const Array x = op::array(drawn({3, 1, 12, 8}, 1));
  const Array weight = op::array(drawn({33, 1, 4, 4}, 2));
  const Array bias = op::array(drawn({33}, 3));
  const Array dy = op::array(drawn({3, 6, 33}, 4));
  CHECK_THAT(op::composed_patch_embedding(x, weight, bias),
             close_to(op::patch_embedding(x, weight, bias), 0));
  CHECK_THAT(op::composed_patch_weight_gradient(x, dy, 4),
             close_to(op::patch_weight_gradient(x, dy, 4), 0));
  CHECK_THAT(op::composed_patch_image_gradient(dy, weight, x.shape()),
             close_to(op::patch_image_gradient(dy, weight, x.shape()), 0));
}

TEST_CASE("NaN stays in its patch in the composed form as well", "[stage_09][9.6]") {
  for (const Backend backend : {Backend::naive, Backend::eigen}) {
    use(backend);
    HostArray images = counted({2, 1, 4, 6});
    images.values[static_cast<std::size_t>(ravel({1, 0, 3, 2}, images.shape))] =
        std::numeric_limits<float>::quiet_NaN();  // in patch 4
    const Array weight = op::array(counted({3, 1, 2, 2}));
    const Array bias = op::array({{3}, {0, 0, 0}});
    const HostArray y = op::composed_patch_embedding(op::array(images), weight, bias).host();
    for (std::int64_t n = 0; n < y.shape.count(); ++n) {
      const Index at = unravel(n, y.shape);
      CAPTURE(name(backend), text(at));
      CHECK(std::isnan(y[at]) == (at[0] == 1 && at[1] == 4));
    }
  }
}

}  // namespace
}  // namespace nt

// Where the patches lie, what becomes of them, and what is refused. The weight's gradient, the tape
// and the form composed of views are checked in gradient_checks.cpp.

#include <cmath>
#include <limits>
#include <numeric>

#include "baseline.hpp"
#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "install_naive.hpp"
#include "patch_embedding.hpp"
#include "patch_pictures.hpp"

namespace nt {
namespace {

void use_naive() {
  install_patches();
  set_backend(Backend::naive);
}

/// start, start + 1, ... row by row.
HostArray counted(const Shape& shape, float start = 0) {
  HostArray result = filled(shape);
  std::iota(result.values.begin(), result.values.end(), start);
  return result;
}

Array zeros_of(const Shape& shape) { return to_array(Storage(shape)); }

Array contiguous(const Array& x) { return to_array(as_storage(x).contiguous()); }

TEST_CASE("patches that divide an image give a token each", "[stage_09][9.1]") {
  use_naive();
  struct Row {
    Shape images;
    std::int64_t P, C;
    Shape tokens;
  };
  const Row rows[] = {
      {{2, 1, 28, 28}, 4, 64, {2, 49, 64}}, {{3, 1, 28, 28}, 7, 32, {3, 16, 32}},
      {{1, 1, 8, 12}, 4, 5, {1, 6, 5}},     {{1, 1, 12, 8}, 4, 5, {1, 6, 5}},
      {{2, 1, 3, 5}, 1, 1, {2, 15, 1}},     {{2, 1, 6, 6}, 6, 2, {2, 1, 2}},
      {{0, 1, 8, 8}, 4, 5, {0, 4, 5}},      {{2, 1, 0, 8}, 4, 5, {2, 0, 5}},
      {{2, 1, 8, 8}, 4, 0, {2, 4, 0}},
  };
  for (const auto& [images, P, C, tokens] : rows) {
    CAPTURE(images, P, C);
    Array x = zeros_of(images);
    Array weight = zeros_of({C, 1, P, P});
    Array bias = zeros_of({C});
    Array dy = zeros_of(tokens);
    Shape shape = images;
    std::int64_t size = P;
    CHECK(shape_rule::patch_embedding("row", x, weight, bias) == tokens);
    CHECK(shape_rule::patch_weight_gradient("row", x, dy, size) == weight.shape());
    CHECK(shape_rule::patch_image_gradient("row", dy, weight, shape) == images);
  }
}

TEST_CASE("patches that do not divide an image are refused", "[stage_09][9.1]") {
  use_naive();
  struct Row {
    Shape images;
    std::int64_t P;
  };
  const Row rows[] = {{{2, 1, 28, 28}, 5}, {{2, 1, 28, 30}, 4}, {{2, 1, 30, 28}, 4},
                      {{2, 1, 4, 4}, 8},   {{0, 1, 6, 6}, 4},   {{2, 1, 4, 4}, 0}};
  for (const auto& [images, P] : rows) {
    const std::string text = ": patches of " + std::to_string(P) +
                             " do not divide the images: images are " + images.text();
    const Array x = zeros_of(images);
    const Array weight = zeros_of({6, 1, P, P});
    const Array dy = zeros_of({2, 9, 6});
    CHECK_THROWS_WITH(op::patch_embedding(x, weight, zeros_of({6})), "patch_embedding" + text);
    CHECK_THROWS_WITH(op::patch_weight_gradient(x, dy, P), "patch_weight_gradient" + text);
    CHECK_THROWS_WITH(op::patch_image_gradient(dy, weight, images), "patch_image_gradient" + text);
    CHECK_THROWS_AS(op::patch_embedding(x, weight, zeros_of({6})), ShapeError);
  }
}

TEST_CASE("a gradient of another shape than the tokens is refused", "[stage_09][9.1]") {
  use_naive();
  const Shape images{2, 1, 12, 12};
  for (const Shape& wrong : {Shape{2, 8, 6}, Shape{1, 9, 6}, Shape{2, 9}, Shape{2, 3, 3, 6}}) {
    const std::string rest = ": dy is " + wrong.text() + ", images are (2, 1, 12, 12)";
    CHECK_THROWS_WITH(op::patch_weight_gradient(zeros_of(images), zeros_of(wrong), 4),
                      "patch_weight_gradient: dy should be (2, 9, C)" + rest);
    CHECK_THROWS_WITH(op::patch_image_gradient(zeros_of(wrong), zeros_of({6, 1, 4, 4}), images),
                      "patch_image_gradient: dy should be (2, 9, 6)" + rest);
  }
  CHECK_THROWS_WITH(
      op::patch_image_gradient(zeros_of({2, 9, 5}), zeros_of({6, 1, 4, 4}), images),
      "patch_image_gradient: dy should be (2, 9, 6): dy is (2, 9, 5), images are (2, 1, 12, 12)");
}

TEST_CASE("images, weights and biases of other shapes are refused", "[stage_09]") {
  use_naive();
  const Array images = zeros_of({2, 1, 12, 12});
  const Array weight = zeros_of({6, 1, 4, 4});
  const Array bias = zeros_of({6});
  const Array dy = zeros_of({2, 9, 6});
  for (const Shape& wrong : {Shape{2, 28, 28}, Shape{2, 3, 28, 28}, Shape{2, 0, 28, 28}}) {
    const std::string text = ": images should be (B, 1, Y, X): images are " + wrong.text();
    CHECK_THROWS_WITH(op::patch_embedding(zeros_of(wrong), weight, bias), "patch_embedding" + text);
    CHECK_THROWS_WITH(op::patch_weight_gradient(zeros_of(wrong), dy, 4),
                      "patch_weight_gradient" + text);
    CHECK_THROWS_WITH(op::patch_image_gradient(dy, weight, wrong), "patch_image_gradient" + text);
  }
  for (const Shape& wrong : {Shape{6, 1, 4, 3}, Shape{6, 16}, Shape{6, 2, 4, 4}}) {
    const std::string text = ": weight should be (C, 1, P, P): weight is " + wrong.text();
    CHECK_THROWS_WITH(op::patch_embedding(images, zeros_of(wrong), bias), "patch_embedding" + text);
    CHECK_THROWS_WITH(op::patch_image_gradient(dy, zeros_of(wrong), {2, 1, 12, 12}),
                      "patch_image_gradient" + text);
  }
  for (const Shape& wrong : {Shape{5}, Shape{}, Shape{1}, Shape{6, 1}}) {
    CHECK_THROWS_WITH(op::patch_embedding(images, weight, zeros_of(wrong)),
                      "patch_embedding: bias should be (6): bias is " + wrong.text() +
                          ", weight is (6, 1, 4, 4)");
  }
}

TEST_CASE("the gradient of a token's number is its filter, painted on its patch",
          "[stage_09][9.2]") {
  use_naive();
  const Shape images{2, 1, 4, 6};  // 2 x 3 patches of 2 x 2
  const HostArray filters = counted({3, 1, 2, 2}, 1);
  const Shape tokens{2, 6, 3};
  for (std::int64_t n = 0; n < tokens.count(); ++n) {
    const Index at = unravel(n, tokens);
    HostArray dy = filled(tokens);
    dy.values[static_cast<std::size_t>(n)] = 1;
    HostArray expected = filled(images);
    const std::int64_t top = 2 * (at[1] / 3);
    const std::int64_t left = 2 * (at[1] % 3);
    for (std::int64_t i = 0; i < 2; ++i) {
      for (std::int64_t j = 0; j < 2; ++j) {
        const std::int64_t pixel = ravel({at[0], 0, top + i, left + j}, images);
        expected.values[static_cast<std::size_t>(pixel)] = filters[{at[2], 0, i, j}];
      }
    }
    CAPTURE(text(at));
    REQUIRE_THAT(op::patch_image_gradient(op::array(dy), op::array(filters), images),
                 close_to(expected, 0));
  }
}

TEST_CASE("patches and the pixels in them lie row by row", "[stage_09][9.2]") {
  use_naive();
  struct Row {
    Shape images;
    std::int64_t P;
    HostArray dy, weight;
  };
  const Row rows[] = {
      // Patches of one pixel, and a weight of 1: the image is what the tokens are, in their order.
      {{1, 1, 3, 3}, 1, counted({1, 9, 1}), {{1, 1, 1, 1}, {1}}},
      {{1, 1, 2, 3}, 1, counted({1, 6, 1}), {{1, 1, 1, 1}, {1}}},
      {{2, 1, 3, 2}, 1, counted({2, 6, 1}), {{1, 1, 1, 1}, {1}}},
      // One patch, and a dy of 1: the image is the filter.
      {{1, 1, 3, 3}, 3, {{1, 1, 1}, {1}}, counted({1, 1, 3, 3})},
  };
  for (const auto& [images, P, dy, weight] : rows) {
    CAPTURE(images, P);
    CHECK_THAT(op::patch_image_gradient(op::array(dy), op::array(weight), images),
               close_to(counted(images), 0));
  }
}

TEST_CASE("the images' gradient reads views through their strides", "[stage_09][9.2]") {
  use_naive();
  const Shape images{2, 1, 4, 6};
  const Array dy = op::permute(op::array(counted({3, 6, 2})), {2, 1, 0});         // (2, 6, 3)
  const Array weight = op::transpose(op::array(counted({3, 1, 2, 2}, 1)), 2, 3);  // i and j
  const Array expected = op::patch_image_gradient(contiguous(dy), contiguous(weight), images);
  CHECK_THAT(op::patch_image_gradient(dy, contiguous(weight), images),
             close_to(expected, 0).on_contiguous(expected));
  CHECK_THAT(op::patch_image_gradient(contiguous(dy), weight, images),
             close_to(expected, 0).on_contiguous(expected));
}

TEST_CASE("a token's number is the sum of its patch under a filter, and the bias",
          "[stage_09][9.3]") {
  use_naive();
  //  0  1   2  3   4  5    filter 0:  1  0    filter 1:  0  1
  //  6  7   8  9  10 11               0  0              10  0
  //
  // 12 13  14 15  16 17    patch 1 under filter 1:  3 + 10 * 8 = 83, and the bias 100
  // 18 19  20 21  22 23
  const Array x = op::array(counted({1, 1, 4, 6}));
  const Array weight = op::array({{2, 1, 2, 2}, {1, 0, 0, 0, 0, 1, 10, 0}});
  const Array bias = op::array({{2}, {0.5F, 100}});
  const HostArray expected{{1, 6, 2},
                           {0.5F, 161, 2.5F, 183, 4.5F, 205, 12.5F, 293, 14.5F, 315, 16.5F, 337}};
  CHECK_THAT(op::patch_embedding(x, weight, bias), close_to(expected, 0));
}

TEST_CASE("tokens are those of PyTorch's convolution", "[stage_09][9.3]") {
  use_naive();
  const auto tokens = [](const HostArray& images, const Frozen& file, const std::string& prefix) {
    return op::patch_embedding(op::array(images), op::array(file.floats(prefix + "weight")),
                               op::array(file.floats(prefix + "bias")));
  };
  // float32 against float64; measured: at most 1.5e-6, for numbers up to 10.
  const Frozen small = Frozen::open("operations");
  CHECK_THAT(tokens(small.floats("patch_embedding/x"), small, "patch_embedding/"),
             close_to(small.floats("patch_embedding/y"), 5e-6F));
  const Frozen variant = Frozen::open("variant");  // patches of 7
  CHECK_THAT(tokens(variant.floats("images"), variant, "weights/patch_embedding."),
             close_to(variant.floats("activations/patch_embedding"), 2e-6F));
  const Baseline baseline = load_baseline("");
  CHECK_THAT(tokens(baseline.x_ref, baseline.frozen, "initial/weights/patch_embedding."),
             close_to(baseline.frozen.floats("initial/activations/patch_embedding"), 2e-6F));
}

TEST_CASE("tokens are computed from views through their strides", "[stage_09][9.3]") {
  use_naive();
  const Array whole = op::array(counted({1, 1, 4, 6}));
  const Array weight = op::array(counted({3, 1, 2, 2}, 1));
  const Array bias = op::array({{3}, {100, 200, 300}});
  const Array inner = op::slice(op::slice(op::array(counted({2, 1, 7, 9})), 2, 2, 6), 3, 1, 7);
  const Array images[] = {
      op::permute(op::array(counted({6, 4, 1, 2})), {3, 2, 1, 0}),  // columns first
      inner,                                                        // a window of larger images
      op::expand(whole, {3, 1, 4, 6}),                              // one image three times
  };
  for (const Array& x : images) {
    CAPTURE(as_storage(x).strides());
    const Array expected = op::patch_embedding(contiguous(x), weight, bias);
    CHECK_THAT(op::patch_embedding(x, weight, bias), close_to(expected, 0).on_contiguous(expected));
  }
  const Array turned = op::transpose(weight, 2, 3);
  const Array expected = op::patch_embedding(whole, contiguous(turned), bias);
  CHECK_THAT(op::patch_embedding(whole, turned, bias),
             close_to(expected, 0).on_contiguous(expected));
  const Array pairs = op::array({{3, 2}, {100, -1, 200, -1, 300, -1}});
  const Array every_second = op::reshape(op::slice(pairs, 1, 0, 1), {3});
  CHECK_THAT(op::patch_embedding(whole, weight, every_second),
             close_to(op::patch_embedding(whole, weight, bias), 0));
}

TEST_CASE("NaN in a pixel reaches the token of its patch and no other", "[stage_09][9.3]") {
  use_naive();
  HostArray images = counted({2, 1, 4, 6});
  const Index pixel{1, 0, 3, 2};  // in patch 4
  images.values[static_cast<std::size_t>(ravel(pixel, images.shape))] =
      std::numeric_limits<float>::quiet_NaN();
  const HostArray weight{{3, 1, 2, 2}, std::vector<float>(12, 0)};  // 0 NaN is NaN as well
  const HostArray y =
      op::patch_embedding(op::array(images), op::array(weight), zeros_of({3})).host();
  for (std::int64_t n = 0; n < y.shape.count(); ++n) {
    const Index at = unravel(n, y.shape);
    CAPTURE(text(at));
    CHECK(std::isnan(y[at]) == (at[0] == 1 && at[1] == 4));
  }
}

TEST_CASE("no image, no patch and no number give empty tokens", "[stage_09][9.3]") {
  use_naive();
  const auto tokens = [](const Shape& images, std::int64_t C) {
    return op::patch_embedding(zeros_of(images), zeros_of({C, 1, 4, 4}), zeros_of({C})).host();
  };
  CHECK(tokens({0, 1, 8, 8}, 5).shape == Shape{0, 4, 5});
  CHECK(tokens({2, 1, 0, 8}, 5).shape == Shape{2, 0, 5});
  CHECK(tokens({2, 1, 8, 8}, 0).shape == Shape{2, 4, 0});
}

TEST_CASE("pictures show every patch in its place", "[stage_09]") {
  const HostArray image = counted({2, 4});
  CHECK_THAT(patch_of(image, 2, 1), close_to(HostArray{{2, 2}, {2, 3, 6, 7}}, 0));
  CHECK_THAT(patch_of(image, 1, 6), close_to(HostArray{{1, 1}, {6}}, 0));
  CHECK_THAT(part(image, 1, {2, 2}), close_to(HostArray{{2, 2}, {4, 5, 6, 7}}, 0));
  CHECK_THAT(moved_apart(image, 2, 1, -1),
             close_to(HostArray{{2, 5}, {0, 1, -1, 2, 3, 4, 5, -1, 6, 7}}, 0));
  CHECK_THAT(moved_apart(image, 1, 1, -1),
             close_to(HostArray{{3, 7}, {0,  -1, 1,  -1, 2,  -1, 3,  -1, -1, -1, -1,
                                         -1, -1, -1, 4,  -1, 5,  -1, 6,  -1, 7}},
                      0));
  CHECK_THAT(enlarged({{1, 2}, {5, 6}}, 2),
             close_to(HostArray{{2, 4}, {5, 5, 6, 6, 5, 5, 6, 6}}, 0));
  CHECK_THAT(framed({{1, 1}, {5}}, 1, 9),
             close_to(HostArray{{3, 3}, {9, 9, 9, 9, 5, 9, 9, 9, 9}}, 0));
}

TEST_CASE("the drawing has a cell for every pixel, weight and number", "[stage_09]") {
  const HostArray image{{2, 4}, {-1, -1, 1, 1, -1, -1, 1, 1}};
  const HostArray weight{{3, 1, 2, 2}, {1, 0, 0, 0, 0, -2, 0, 0, 0, 0, 0, 0}};
  const HostArray tokens{{2, 3}, {-1, 2, 0, 1, -2, 0}};
  const std::string svg = tokens_svg(image, weight, tokens);
  const auto count = [&](const std::string& part) {
    int found = 0;
    for (std::size_t at = svg.find(part); at != std::string::npos; at = svg.find(part, at + 1)) {
      ++found;
    }
    return found;
  };
  CHECK(count("<rect") == 1 + 2 * 8 + 12 + 6);
  CHECK(count("#000000") == 2 * 4);           // black pixels, in the image and in the row
  CHECK(count("#ffffff") == 2 * 4 + 10 + 2);  // white pixels, weights and numbers of 0
  CHECK(count("#ff0000") == 1);               // the largest number
  CHECK(count("#0000ff") == 2);               // the lowest number and the lowest weight
}

}  // namespace
}  // namespace nt

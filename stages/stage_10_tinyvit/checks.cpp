// The model: its parameters, what it refuses, a forward pass by hand, and what holds for any sizes.
// It is compared with PyTorch in parity_checks.cpp.

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "core/errors.hpp"
#include "finite_difference.hpp"
#include "frozen.hpp"
#include "tinyvit.hpp"

namespace nt {
namespace {

constexpr TinyVitConfig kVariant{.patch = 7, .dim = 32, .depth = 2, .heads = 8, .mlp = 64};
constexpr TinyVitConfig kSmall{
    .image = 6, .patch = 2, .dim = 4, .depth = 2, .heads = 2, .mlp = 8, .classes = 3};

void use(Backend backend) {
  install_patches();
  set_backend(backend);
}

TinyVit model_of(const TinyVitConfig& sizes, std::uint64_t seed = 1) {
  Random random(seed);
  return {sizes, random};
}

/// Normal numbers.
HostArray drawn(const Shape& shape, std::uint64_t seed) {
  Random random(seed);
  HostArray x{shape, {}};
  for (std::int64_t i = 0; i < shape.count(); ++i) x.values.push_back(random.normal());
  return x;
}

HostArray logits_of(const TinyVit& model, const HostArray& images) {
  return model(Tensor(op::array(images))).data().host();
}

void set(Tensor parameter, std::vector<float> values) {
  parameter.set_data(op::array({parameter.shape(), std::move(values)}));
}

void set_zero(const Tensor& parameter) {
  set(parameter, std::vector<float>(static_cast<std::size_t>(parameter.shape().count())));
}

const Shape& shape_of(const Tensor& x) { return x.shape(); }
const Shape& shape_of(const HostArray& x) { return x.shape; }

/// Names with shapes, such as `classifier.bias (10)`, in alphabetical order.
template <class Named>
std::multiset<std::string> described(const Named& arrays) {
  std::multiset<std::string> result;
  for (const auto& [name, array] : arrays) result.insert(name + " " + shape_of(array).text());
  return result;
}

TEST_CASE("the parameters have PyTorch's names and shapes", "[stage_10][10.1]") {
  use(Backend::naive);
  CHECK(described(model_of({}).parameters()) ==
        described(Frozen::open("digits").group("initial/weights/")));
  CHECK(described(model_of(kVariant).parameters()) ==
        described(Frozen::open("variant").group("weights/")));
  // 2 of the patches, 1 of the positions, 12 of every block, 2 of the classifier
  CHECK(model_of({.dim = 8, .depth = 3, .heads = 2}).parameters().size() == 5 + 3 * 12);
}

TEST_CASE("every block has weights of its own", "[stage_10][10.1]") {
  use(Backend::naive);
  const TinyVit model = model_of(kVariant);
  REQUIRE(model.encoder.size() == 2);
  std::set<const void*> tensors;
  for (const auto& [name, parameter] : model.parameters()) tensors.insert(parameter.identity());
  CHECK(tensors.size() == model.parameters().size());
  CHECK(model.encoder[0].linear1.weight.data().host().values !=
        model.encoder[1].linear1.weight.data().host().values);
  for (const auto& [name, parameter] : model.parameters()) {
    if (name == "encoder.1.linear1.weight") {
      CHECK(parameter.identity() == model.encoder[1].linear1.weight.identity());
    }
  }
}

TEST_CASE("weights begin with the distributions that PyTorch draws from", "[stage_10][10.1]") {
  use(Backend::naive);
  const TinyVit model = model_of({});
  const HostArray positions = model.position_embedding.data().host();
  double sum = 0;
  double squares = 0;
  for (const float value : positions.values) {
    sum += value;
    squares += double{value} * value;
  }
  const auto n = static_cast<double>(positions.values.size());  // 3136
  CHECK(std::abs(sum / n) < 0.06);                              // three times 1 / sqrt(n)
  CHECK(std::abs(squares / n - 1) < 0.08);                      // three times sqrt(2 / n)
  for (const float weight : model.classifier.weight.data().host().values) {
    REQUIRE(std::abs(weight) <= 0.125F);  // 1 / sqrt(64)
  }
  CHECK_THAT(model_of({}).position_embedding.data(), close_to(positions, 0));
  CHECK(model_of({}, 2).position_embedding.data().host().values != positions.values);
}

TEST_CASE("sizes that make no model are refused", "[stage_10]") {
  use(Backend::naive);
  struct Row {
    TinyVitConfig sizes;
    const char* text;
  };
  const Row rows[] = {
      {{.image = 0}, "tinyvit: image should be 1 or more, found 0"},
      {{.patch = 0}, "tinyvit: patch should be 1 or more, found 0"},
      {{.dim = -64}, "tinyvit: dim should be 1 or more, found -64"},
      {{.depth = 0}, "tinyvit: depth should be 1 or more, found 0"},
      {{.heads = 0}, "tinyvit: heads should be 1 or more, found 0"},
      {{.mlp = 0}, "tinyvit: mlp should be 1 or more, found 0"},
      {{.classes = 0}, "tinyvit: classes should be 1 or more, found 0"},
      {{.patch = 5}, "tinyvit: patches of 5 do not divide an image of 28"},
      {{.patch = 56}, "tinyvit: patches of 56 do not divide an image of 28"},
  };
  for (const auto& [sizes, text] : rows) CHECK_THROWS_WITH(model_of(sizes), text);
}

TEST_CASE("heads that do not divide a token are refused", "[stage_10][10.1]") {
  use(Backend::naive);
  CHECK_THROWS_WITH(model_of({.heads = 3}), "attention: 3 heads do not divide 64 numbers");
}

TEST_CASE("a missing, misshapen or unknown weight is named and nothing is loaded",
          "[stage_10][10.1]") {
  use(Backend::naive);
  const TinyVit model = model_of(kVariant);
  const HostArray before = model.position_embedding.data().host();
  const NamedArrays good = Frozen::open("variant").group("weights/");

  NamedArrays missing = good;
  std::erase_if(missing, [](const auto& one) { return one.first == "encoder.1.norm2.bias"; });
  CHECK_THROWS_WITH(load(model, missing), "load: no weight 'encoder.1.norm2.bias', which is (32)");

  NamedArrays unknown = good;
  unknown.emplace_back("encoder.2.norm1.bias", HostArray{{1}, {0}});
  CHECK_THROWS_WITH(load(model, unknown),
                    contains_text("load: unknown weight 'encoder.2.norm1.bias'"));

  CHECK_THROWS_WITH(load(model_of({.patch = 7, .dim = 64, .depth = 2}), good),
                    contains_text("load: 'patch_embedding.weight' should be (64, 1, 7, 7), found "
                                  "(32, 1, 7, 7)"));
  CHECK_THAT(model.position_embedding.data(), close_to(before, 0));
  CHECK_NOTHROW(load(model, good));
}

TEST_CASE("images of another shape are refused", "[stage_10][10.1]") {
  use(Backend::naive);
  const TinyVit model = model_of({});
  // A single patch of 4 x 4 would broadcast against all positions; 4 x 196 pixels are 49 patches.
  for (const Shape& shape : {Shape{2, 28, 28}, Shape{2, 3, 28, 28}, Shape{2, 1, 32, 32},
                             Shape{2, 1, 4, 4}, Shape{1, 1, 4, 196}, Shape{28}}) {
    CHECK_THROWS_WITH(logits_of(model, drawn(shape, 1)),
                      "tinyvit: images should be (B, 1, 28, 28), found " + shape.text());
  }
}

TEST_CASE("the logits of two images worked out by hand", "[stage_10][10.2]") {
  use(Backend::naive);
  const TinyVit model =
      model_of({.image = 2, .patch = 1, .dim = 2, .depth = 2, .heads = 1, .mlp = 3, .classes = 3});
  for (const EncoderBlock& block : model.encoder) {  // what it adds is 0, so it changes nothing
    set_zero(block.self_attn.out_proj.weight);
    set_zero(block.self_attn.out_proj.bias);
    set_zero(block.linear2.weight);
    set_zero(block.linear2.bias);
  }
  set(model.patch_embedding.weight, {1, 10});
  set(model.patch_embedding.bias, {0, 1});
  set(model.position_embedding, {1, 0, 0, 1, 2, 0, 0, 2});
  set(model.classifier.weight, {1, 0, 0, 1, 1, -1});
  set(model.classifier.bias, {0, 0, 0});
  // tokens (1, 11), (2, 21), (3, 31), (4, 41); with positions (2, 11), (2, 22), (5, 31), (4, 43):
  // their mean is (3.25, 26.75). Of the other image (0, 1), (0, 1), (0, 1), (8, 81): (2.75, 21.75).
  const HostArray images{{2, 1, 2, 2}, {1, 2, 3, 4, 0, 0, 0, 8}};
  CHECK_THAT(logits_of(model, images),
             close_to(HostArray{{2, 3}, {3.25F, 26.75F, -23.5F, 2.75F, 21.75F, -19}}, 0));
  set(model.classifier.bias, {100, 200, 300});
  CHECK_THAT(logits_of(model, images),
             close_to(HostArray{{2, 3}, {103.25F, 226.75F, 276.5F, 102.75F, 221.75F, 281}}, 0));
}

TEST_CASE("the watch is told every layer in the order of computation", "[stage_10][10.2]") {
  use(Backend::naive);
  std::vector<std::string> told;
  const HostArray images = drawn({2, 1, 6, 6}, 1);
  const TinyVit model = model_of(kSmall);
  HostArray last;
  const Tensor logits =
      model(Tensor(op::array(images)), [&](const std::string& layer, const Tensor& activation) {
        told.push_back(layer + " " + activation.shape().text());
        last = activation.data().host();
      });
  const std::string wide = " (2, 9, 8)";
  const std::string tokens = " (2, 9, 4)";
  std::vector<std::string> expected{"patch_embedding" + tokens, "position_embedding" + tokens};
  for (const std::string block : {"encoder.0.", "encoder.1."}) {
    for (const std::string layer :
         {"norm1", "attention", "residual1", "norm2", "linear1", "gelu", "linear2", "residual2"}) {
      expected.push_back(block + layer + (layer == "linear1" || layer == "gelu" ? wide : tokens));
    }
  }
  expected.insert(expected.end(), {"mean (2, 4)", "logits (2, 3)"});
  CHECK(told == expected);
  CHECK_THAT(logits.data(), close_to(last, 0));
}

TEST_CASE("dropout goes to every block in turn", "[stage_10][10.2]") {
  use(Backend::naive);
  const TinyVit model = model_of(kSmall);
  const Tensor images(op::array(drawn({2, 1, 6, 6}, 1)));
  Dropout dropout(0.5F, Random(3));
  const Tensor logits = model(images, {}, &dropout);

  Dropout same(0.5F, Random(3));
  const Tensor tokens = model.patch_embedding(images) + model.position_embedding;
  const Tensor first = model.encoder[0](tokens, {}, &same);
  const Tensor second = model.encoder[1](first, {}, &same);
  CHECK_THAT(logits.data(), close_to(model.classifier(mean(second, {1})).data(), 0));
}

TEST_CASE("NaN in an image is NaN in its logits and in no others", "[stage_10][10.2]") {
  for (const Backend backend : {Backend::naive, Backend::eigen}) {
    CAPTURE(name(backend));
    use(backend);
    const TinyVit model = model_of(kSmall);
    HostArray images = drawn({3, 1, 6, 6}, 1);
    const HostArray good = logits_of(model, images);
    images.values[36 + 20] = std::numeric_limits<float>::quiet_NaN();  // a pixel of the second
    const HostArray found = logits_of(model, images);
    for (const std::int64_t c : {0, 1, 2}) {
      CHECK(found[{0, c}] == good[{0, c}]);
      CHECK(std::isnan(found[{1, c}]));
      CHECK(found[{2, c}] == good[{2, c}]);
    }
  }
}

TEST_CASE("no images give no logits, and without a tape nothing is recorded", "[stage_10][10.2]") {
  for (const Backend backend : {Backend::naive, Backend::eigen}) {
    CAPTURE(name(backend));
    use(backend);
    const TinyVit model = model_of(kSmall);
    CHECK_THAT(logits_of(model, {{0, 1, 6, 6}, {}}), close_to(HostArray{{0, 3}, {}}, 0));
    CHECK_FALSE(model(Tensor(op::array(drawn({1, 1, 6, 6}, 1)))).requires_grad());
  }
}

TEST_CASE("the gradient of the images is their finite difference", "[stage_10][10.2]") {
  for (const Backend backend : {Backend::naive, Backend::eigen}) {
    CAPTURE(name(backend));
    use(backend);
    const TinyVit model = model_of(kSmall);
    Random random(4);
    const TensorFunction logits = [&](const std::vector<Tensor>& x) { return model(x[0]); };
    // Measured: 1.6e-4, from float32 and from the step of the difference.
    CHECK(gradient_error(logits, {drawn({2, 1, 6, 6}, 2)}, random) < 5e-4);
  }
}

TEST_CASE("the backends agree on ragged sizes", "[stage_10][10.2]") {
  // Logits of up to 1.4, between which float32 in another order makes 2.4e-7; measured.
  constexpr float kTolerance = 1e-6F;
  const TinyVitConfig rows[] = {
      {.image = 7, .patch = 1, .dim = 7, .depth = 1, .heads = 7, .mlp = 33, .classes = 9},
      {.image = 8, .patch = 8, .dim = 1, .depth = 2, .heads = 1, .mlp = 1, .classes = 1},
      {.image = 9, .patch = 3, .dim = 33, .depth = 3, .heads = 3, .mlp = 7, .classes = 8},
      {.image = 33, .patch = 11, .dim = 8, .depth = 1, .heads = 1, .mlp = 9, .classes = 7},
  };
  for (const TinyVitConfig& sizes : rows) {
    for (const std::int64_t B : {1, 7, 8, 9, 33}) {
      CAPTURE(sizes.image, sizes.dim, B);
      const HostArray images = drawn({B, 1, sizes.image, sizes.image}, 5);
      use(Backend::eigen);
      const HostArray expected = logits_of(model_of(sizes), images);
      use(Backend::naive);
      CHECK_THAT(logits_of(model_of(sizes), images), close_to(expected, kTolerance));
    }
  }
}

}  // namespace
}  // namespace nt

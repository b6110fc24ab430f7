// The encoder block: by hand, against PyTorch layer by layer, and what it must not do.

#include <cmath>
#include <limits>

#include "baseline.hpp"
#include "both_backends.hpp"
#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "check/compare.hpp"
#include "encoder.hpp"
#include "finite_difference.hpp"

namespace nt {
namespace {

Tensor drawn(const Shape& shape, Random& random) {
  return Tensor(op::array(uniform(shape, 1, random)), true);
}

/// A block whose weights are all drawn at random, those of the norms as well.
EncoderBlock drawn_block(std::int64_t C, int heads, std::int64_t mlp, Random& random) {
  EncoderBlock block(C, heads, mlp, random);
  for (auto [name, parameter] : block.parameters()) {
    parameter.set_data(op::array(uniform(parameter.shape(), 1, random)));
  }
  return block;
}

EncoderBlock block_of(const Frozen& frozen, const std::string& group, std::int64_t C, int heads,
                      std::int64_t mlp) {
  Random random(1);
  EncoderBlock block(C, heads, mlp, random);
  load(block, frozen.group(group));
  return block;
}

/// A copy that was given these weights.
EncoderBlock loaded(EncoderBlock copy, const NamedArrays& weights) {
  load(copy, weights);
  return copy;
}

void set_to(Tensor parameter, const std::vector<float>& values) {
  parameter.set_data(op::array({parameter.shape(), values}));
}

void set_to_zero(const Linear& layer) {
  for (const Tensor& parameter : {layer.weight, layer.bias}) {
    set_to(parameter, std::vector<float>(static_cast<std::size_t>(parameter.shape().count())));
  }
}

TEST_CASE("a block with nothing to add hands its tokens on", "[stage_08][8.5]") {
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(1);
    const EncoderBlock block(6, 2, 9, random);
    set_to_zero(block.self_attn.out_proj);
    set_to_zero(block.linear2);
    const Tensor x = drawn({2, 5, 6}, random);
    CHECK_THAT(block(x).data(), close_to(x.data(), 0));
  }
}

// Tokens of two numbers are normalised to -1 and 1, and gelu makes -0.1587 and 0.8413 of them.
TEST_CASE("the MLP reads the normalised token, and its result is added to the token",
          "[stage_08][8.5]") {
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(1);
    const EncoderBlock block(2, 1, 2, random);
    set_to_zero(block.self_attn.out_proj);
    set_to(block.linear1.weight, {1, 0, 0, 1});
    set_to(block.linear1.bias, {0, 0});
    set_to(block.linear2.weight, {10, 0, 0, 100});
    set_to(block.linear2.bias, {0, 1000});
    const Tensor x(op::array({{1, 2, 2}, {2, 4, 9, 5}}));
    CHECK_THAT(block(x).data(),
               close_to(HostArray{{1, 2, 2},
                                  {2 - 1.58655F, 1004 + 84.1345F, 9 + 8.41345F, 1005 - 15.8655F}},
                        1e-3F));  // norm's 1e-5 takes 5e-6 of 1, times 100
  }
}

// All queries are 0, so every token hears the mean of the values, and those are norm1's results.
TEST_CASE("attention reads the normalised tokens, and what is heard is added to the token",
          "[stage_08][8.5]") {
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(1);
    const EncoderBlock block(2, 2, 2, random);
    set_to_zero(block.linear2);
    set_to(block.self_attn.in_proj_weight, {0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1});
    set_to(block.self_attn.out_proj.weight, {10, 0, 0, 100});
    set_to(block.norm1.bias, {1, 2});
    // Normalised and shifted they are (0, 3), (0, 3) and (2, 1): the mean is 2/3 and 7/3.
    const Tensor x(op::array({{1, 3, 2}, {2, 4, 5, 9, 9, 5}}));
    const float first = 20 / 3.0F;
    const float second = 700 / 3.0F;
    CHECK_THAT(
        block(x).data(),
        close_to(HostArray{{1, 3, 2},
                           {2 + first, 4 + second, 5 + first, 9 + second, 9 + first, 5 + second}},
                 1e-3F));
  }
}

TEST_CASE("a toy block and all its gradients are PyTorch's", "[stage_08][8.5]") {
  constexpr float kTolerance = 8e-6F;  // measured: at most 2e-6, where gradients reach 30
  const Frozen frozen = Frozen::open("operations");
  for (const Backend backend : kBoth) {
    use(backend);
    const EncoderBlock block = block_of(frozen, "encoder/weights/", 8, 2, 16);
    const Tensor x(op::array(frozen.floats("encoder/x")), true);
    Tape tape;
    const Tensor y = block(x);
    tape.backward(y, op::array(frozen.floats("encoder/dy")));
    CHECK_THAT(y.data(), close_to(frozen.floats("encoder/y"), kTolerance));
    CHECK_THAT(x.grad(), close_to(frozen.floats("encoder/dx"), kTolerance));
    for (const auto& [name, parameter] : block.parameters()) {
      CAPTURE(name);
      CHECK_THAT(parameter.grad(),
                 close_to(frozen.floats("encoder/gradients/" + name), kTolerance));
    }
  }
}

TEST_CASE("on X_ref every layer and every gradient is PyTorch's", "[stage_08][8.5]") {
  constexpr float kTolerance = 4e-6F;       // measured, on both data sets: at most 1.2e-6
  constexpr float kInputTolerance = 4e-8F;  // dx is near 0.02; measured: at most 1e-8
  static const Baseline baseline = load_baseline("");
  const Frozen& frozen = baseline.frozen;
  for (const Backend backend : kBoth) {
    use(backend);
    const EncoderBlock block = block_of(frozen, "initial/weights/encoder.0.", 64, 4, 128);
    const Tensor x(op::array(frozen.floats("initial/activations/position_embedding")), true);
    std::vector<std::string> seen;
    Tape tape;
    const Tensor y = block(x, [&](const std::string& layer, const Tensor& activation) {
      CAPTURE(layer);
      seen.push_back(layer);
      CHECK_THAT(activation.data(),
                 close_to(frozen.floats("initial/activations/encoder.0." + layer), kTolerance));
    });
    CHECK(seen == std::vector<std::string>{"norm1", "attention", "residual1", "norm2", "linear1",
                                           "gelu", "linear2", "residual2"});
    tape.backward(y, op::array(frozen.floats("block/dy")));
    CHECK_THAT(x.grad(), close_to(frozen.floats("block/dx"), kInputTolerance));
    for (const auto& [name, parameter] : block.parameters()) {
      CAPTURE(name);
      CHECK_THAT(parameter.grad(), close_to(frozen.floats("block/gradients/" + name), kTolerance));
    }
  }
}

TEST_CASE("the parameters of a block have PyTorch's names, in PyTorch's order", "[stage_08]") {
  use(Backend::naive);
  Random random(1);
  const EncoderBlock block(8, 2, 16, random);
  std::vector<std::string> expected;
  for (const auto& [name, weight] : Frozen::open("operations").group("encoder/weights/")) {
    expected.push_back(name);
  }
  std::vector<std::string> names;
  for (const auto& [name, parameter] : block.parameters()) names.push_back(name);
  CHECK(names == expected);
}

TEST_CASE("a block agrees with finite differences along random directions", "[stage_08][8.5]") {
  // x and all twelve parameters at once, with dropout and without. Measured: at most 4.7e-4, over
  // 100 seeds; a step of 2e-3 strays by four times as much, since the norms bend so sharply.
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(2);
    EncoderBlock block = drawn_block(6, 3, 7, random);
    std::vector<HostArray> inputs{uniform({2, 4, 6}, 1, random)};
    for (const auto& [name, parameter] : block.parameters()) {
      inputs.push_back(parameter.data().host());
    }
    for (const bool training : {false, true}) {
      const auto f = [&](const std::vector<Tensor>& at) {
        MultiHeadAttention& attention = block.self_attn;
        Tensor* const parameters[] = {
            &attention.in_proj_weight, &attention.in_proj_bias, &attention.out_proj.weight,
            &attention.out_proj.bias,  &block.linear1.weight,   &block.linear1.bias,
            &block.linear2.weight,     &block.linear2.bias,     &block.norm1.weight,
            &block.norm1.bias,         &block.norm2.weight,     &block.norm2.bias};
        for (std::size_t i = 0; i < std::size(parameters); ++i) *parameters[i] = at[i + 1];
        Dropout dropout(0.5F, Random(3));  // the same numbers at every call
        return block(at[0], {}, training ? &dropout : nullptr);
      };
      CHECK(gradient_error(f, inputs, random, 3, 1e-3F) < 1e-3);
    }
  }
}

TEST_CASE("in training, dropout follows attention, gelu and linear2", "[stage_08][8.5]") {
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(4);
    const EncoderBlock block = drawn_block(6, 2, 9, random);
    const Tensor x = drawn({2, 5, 6}, random);
    Dropout dropout(0.5F, Random(5));
    Dropout same = dropout;
    const Tensor r = x + same(block.self_attn(block.norm1(x)));
    const Tensor inner = same(gelu(block.linear1(block.norm2(r))));
    CHECK_THAT(block(x, {}, &dropout).data(), close_to((r + same(block.linear2(inner))).data(), 0));
  }
}

TEST_CASE("in evaluation nothing is left out, and dropout with p = 0 is none", "[stage_08][8.5]") {
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(6);
    const EncoderBlock block = drawn_block(6, 2, 9, random);
    const Tensor x = drawn({2, 5, 6}, random);
    Dropout none(0, Random(1));
    Dropout half(0.5F, Random(1));
    const HostArray y = block(x).data().host();
    CHECK_THAT(block(x, {}, &none).data(), close_to(y, 0));
    CHECK(largest_difference(block(x, {}, &half).data().host(), y) > 0.01);
    CHECK_THAT(block(x).data(), close_to(y, 0));
  }
}

TEST_CASE("the backends agree on a block, whatever the length of the sequence", "[stage_08][8.5]") {
  use(Backend::naive);
  for (const std::int64_t T : {1, 7, 8, 9, 33}) {
    for (const int C : {7, 8, 9, 33}) {
      CAPTURE(T, C);
      HostArray y[2];
      for (const Backend backend : kBoth) {
        set_backend(backend);
        Random random(7);
        const EncoderBlock block(C, C % 2 == 0 ? 4 : 1, 33, random);
        y[backend == Backend::eigen] = block(drawn({1, T, C}, random)).data().host();
      }
      CHECK_THAT(y[0], close_to(y[1], 2e-6F));  // measured: at most 4.8e-7
    }
  }
}

TEST_CASE("every sequence goes through a block by itself", "[stage_08][8.5]") {
  constexpr float kTolerance = 8e-6F;  // measured: at most 1.9e-6, over 100 seeds
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(8);
    const EncoderBlock block = drawn_block(6, 2, 9, random);
    const Tensor x = drawn({3, 5, 6}, random);
    const Tensor y = block(x);
    for (std::int64_t i = 0; i < 3; ++i) {
      CHECK_THAT(slice(y, 0, i, i + 1).data(),
                 close_to(block(slice(x, 0, i, i + 1)).data(), kTolerance));
    }
  }
}

TEST_CASE("a NaN makes its own sequence NaN, and no other", "[stage_08][8.5]") {
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(9);
    const EncoderBlock block(4, 2, 8, random);
    HostArray x = uniform({2, 3, 4}, 1, random);
    x.values[5] = std::numeric_limits<float>::quiet_NaN();
    const HostArray y = block(Tensor(op::array(x))).data().host();
    for (std::size_t i = 0; i < 24; ++i) CHECK(std::isnan(y.values[i]) == (i < 12));
  }
}

TEST_CASE("a copy of a block has the same parameters", "[stage_08][8.5]") {
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(10);
    const EncoderBlock block(4, 2, 8, random);
    const Tensor x = drawn({1, 3, 4}, random);
    const HostArray before = block(x).data().host();
    NamedArrays weights;
    for (const auto& [name, parameter] : block.parameters()) {
      weights.emplace_back(name, uniform(parameter.shape(), 1, random));
    }
    const EncoderBlock copy = loaded(block, weights);
    CHECK_THAT(copy(x).data(), close_to(block(x).data(), 0));
    CHECK(largest_difference(block(x).data().host(), before) > 0.01);
  }
}

TEST_CASE("a block refuses heads and tokens of other sizes", "[stage_08][8.5]") {
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(1);
    CHECK_THROWS_WITH(EncoderBlock(64, 3, 128, random),
                      "attention: 3 heads do not divide 64 numbers");
    const EncoderBlock block(64, 4, 128, random);
    CHECK_THROWS_WITH(block(drawn({2, 5, 32}, random)),
                      "layer_norm: sizes differ: x is (2, 5, 32), weight is (64), bias is (64)");
    CHECK_THROWS_WITH(block(drawn({5, 64}, random)),
                      "attention: x should be (B, T, 64), found (5, 64)");
  }
}

}  // namespace
}  // namespace nt

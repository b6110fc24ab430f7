// Heads: split and joined, and the attention made of them. Dropout is checked in
// dropout_checks.cpp, the block in block_checks.cpp.

#include <cmath>
#include <limits>

#include "both_backends.hpp"
#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "check/compare.hpp"
#include "finite_difference.hpp"
#include "frozen.hpp"
#include "heads.hpp"

namespace nt {
namespace {

Tensor tensor(const Shape& shape, const std::vector<float>& values) {
  return Tensor(op::array({shape, values}), true);
}

Tensor drawn(const Shape& shape, Random& random) {
  return Tensor(op::array(uniform(shape, 1, random)), true);
}

TEST_CASE("split_heads gives every head its own numbers of each token", "[stage_08][8.1]") {
  for (const Backend backend : kBoth) {
    use(backend);
    const Tensor x = tensor({1, 3, 4}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
    CHECK_THAT(split_heads(x, 2).data(),
               close_to(HostArray{{1, 2, 3, 2}, {1, 2, 5, 6, 9, 10, 3, 4, 7, 8, 11, 12}}, 0));
    CHECK_THAT(split_heads(x, 4).data(),
               close_to(HostArray{{1, 4, 3, 1}, {1, 5, 9, 2, 6, 10, 3, 7, 11, 4, 8, 12}}, 0));
    CHECK_THAT(split_heads(x, 1).data(),
               close_to(HostArray{{1, 1, 3, 4}, x.data().host().values}, 0));
  }
}

TEST_CASE("number h D + d of a token is number d of head h, whatever the sizes",
          "[stage_08][8.1]") {
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(1);
    for (const std::int64_t T : {1, 7, 8, 9, 33}) {
      for (const int H : {1, 3, 8}) {
        constexpr std::int64_t B = 2;
        constexpr std::int64_t D = 3;
        const HostArray x = uniform({B, T, H * D}, 1, random);
        const HostArray y = split_heads(Tensor(op::array(x)), H).data().host();
        REQUIRE(y.shape == Shape{B, H, T, D});
        int differ = 0;
        for (std::int64_t i = 0; i < y.shape.count(); ++i) {
          const Index at = unravel(i, y.shape);  // b, h, t, d
          differ += y[at] != x[{at[0], at[2], at[1] * D + at[3]}];
        }
        CHECK(differ == 0);
      }
    }
  }
}

TEST_CASE("the gradient of split_heads goes back to the number that was split off",
          "[stage_08][8.1]") {
  for (const Backend backend : kBoth) {
    use(backend);
    const Tensor x = tensor({1, 3, 4}, std::vector<float>(12));
    Tape tape;
    const Array dy = op::array({{1, 2, 3, 2}, {1, 2, 5, 6, 9, 10, 3, 4, 7, 8, 11, 12}});
    tape.backward(split_heads(x, 2), dy);
    CHECK_THAT(x.grad(),
               close_to(HostArray{{1, 3, 4}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}}, 0));
  }
}

TEST_CASE("join_heads puts the heads of each token side by side", "[stage_08][8.2]") {
  for (const Backend backend : kBoth) {
    use(backend);
    const Tensor x = tensor({1, 2, 3, 2}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
    Tape tape;
    const Tensor y = join_heads(x);
    CHECK_THAT(y.data(),
               close_to(HostArray{{1, 3, 4}, {1, 2, 7, 8, 3, 4, 9, 10, 5, 6, 11, 12}}, 0));
    tape.backward(y, op::array({{1, 3, 4}, {1, 2, 7, 8, 3, 4, 9, 10, 5, 6, 11, 12}}));
    CHECK_THAT(x.grad(),
               close_to(HostArray{{1, 2, 3, 2}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}}, 0));
  }
}

TEST_CASE("join_heads undoes split_heads", "[stage_08][8.2]") {
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(2);
    for (const std::int64_t T : {1, 7, 8, 9, 33}) {
      const Tensor x = drawn({3, T, 12}, random);
      for (const int H : {1, 2, 3, 12}) {
        CHECK_THAT(join_heads(split_heads(x, H)).data(), close_to(x.data(), 0));
      }
    }
  }
}

TEST_CASE("heads that cannot be split or joined are named with their shapes", "[stage_08]") {
  for (const Backend backend : kBoth) {
    use(backend);
    const Tensor x = tensor({1, 1, 8}, std::vector<float>(8));
    for (const int heads : {3, 16, 0, -2}) {
      const std::string text = std::to_string(heads) + " heads do not divide 8 numbers";
      Random random(1);
      CHECK_THROWS_WITH(split_heads(x, heads), "split_heads: " + text);
      CHECK_THROWS_WITH(MultiHeadAttention(8, heads, random), "attention: " + text);
    }
    const Tensor matrix = tensor({2, 4}, std::vector<float>(8));
    CHECK_THROWS_WITH(split_heads(matrix, 2), "split_heads: x should be (B, T, C), found (2, 4)");
    CHECK_THROWS_WITH(join_heads(x), "join_heads: x should be (B, H, T, D), found (1, 1, 8)");
  }
}

// Two heads of one number each, so nothing is divided by a root. q is ln 3 times the token, k the
// token, v four times: a query of 1 weighs the key of 1 three times as much as the key of 0, and
// hears 3 out of 0 and 4; a query of 0 hears their mean.
TEST_CASE("every head listens with its own numbers alone", "[stage_08][8.3]") {
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(1);
    const MultiHeadAttention attention(2, 2, random);
    const float ln3 = std::log(3.0F);
    load(attention, {{"in_proj_weight", {{6, 2}, {ln3, 0, 0, ln3, 1, 0, 0, 1, 4, 0, 0, 4}}},
                     {"in_proj_bias", {{6}, {0, 0, 0, 0, 0, 0}}},
                     {"out_proj.weight", {{2, 2}, {1, 0, 0, 10}}},
                     {"out_proj.bias", {{2}, {0, 100}}}});
    CHECK_THAT(attention(tensor({1, 2, 2}, {0, 1, 1, 0})).data(),
               close_to(HostArray{{1, 2, 2}, {2, 130, 3, 120}}, 2e-5F));
  }
}

TEST_CASE("each head is an attention by itself, scaled by the size of a head", "[stage_08][8.3]") {
  // The head's rows of in_proj_weight, as a linear layer of its own; out_proj hands everything on.
  constexpr float kTolerance = 2e-6F;  // measured: at most 3.6e-7, over 100 seeds
  constexpr std::int64_t B = 2;
  constexpr std::int64_t T = 5;
  constexpr std::int64_t C = 12;
  constexpr int H = 3;
  constexpr std::int64_t D = C / H;
  HostArray identity{{C, C}, std::vector<float>(C * C)};
  for (std::size_t i = 0; i < C; ++i) identity.values[i * (C + 1)] = 1;
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(3);
    MultiHeadAttention attention(C, H, random);
    attention.in_proj_bias.set_data(op::array(uniform({3 * C}, 1, random)));
    attention.out_proj.weight.set_data(op::array(identity));
    const Tensor x = drawn({B, T, C}, random);
    const Tensor y = attention(x);
    for (std::int64_t head = 0; head < H; ++head) {
      const auto part = [&](std::int64_t which) {
        const std::int64_t first = which * C + head * D;
        return linear(x, slice(attention.in_proj_weight, 0, first, first + D),
                      slice(attention.in_proj_bias, 0, first, first + D));
      };
      CHECK_THAT(slice(y, 2, head * D, (head + 1) * D).data(),
                 close_to(attend(part(0), part(1), part(2), {}).data(), kTolerance));
    }
  }
}

TEST_CASE("attention with two heads and all its gradients are PyTorch's", "[stage_08][8.3]") {
  constexpr float kTolerance = 6e-6F;  // gradients reach 15 here; measured: at most 1.4e-6
  const Frozen frozen = Frozen::open("operations");
  const auto floats = [&](const char* array) {
    return frozen.floats(std::string("attention_two_heads/") + array);
  };
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(1);
    const MultiHeadAttention attention(8, 2, random);
    load(attention, {{"in_proj_weight", floats("in_weight")},
                     {"in_proj_bias", floats("in_bias")},
                     {"out_proj.weight", floats("out_weight")},
                     {"out_proj.bias", floats("out_bias")}});
    const Tensor x(op::array(floats("x")), true);
    Tape tape;
    const Tensor y = attention(x);
    tape.backward(y, op::array(floats("dy")));
    CHECK_THAT(y.data(), close_to(floats("y"), kTolerance));
    CHECK_THAT(x.grad(), close_to(floats("dx"), kTolerance));
    CHECK_THAT(attention.in_proj_weight.grad(), close_to(floats("din_weight"), kTolerance));
    CHECK_THAT(attention.in_proj_bias.grad(), close_to(floats("din_bias"), kTolerance));
    CHECK_THAT(attention.out_proj.weight.grad(), close_to(floats("dout_weight"), kTolerance));
    CHECK_THAT(attention.out_proj.bias.grad(), close_to(floats("dout_bias"), kTolerance));
  }
}

TEST_CASE("with one head it is stage 7's attention, bit for bit", "[stage_08][8.3]") {
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(4);
    Random same(4);
    const MultiHeadAttention attention(6, 1, random);
    const SelfAttention alone(6, same);
    const Tensor x = drawn({2, 5, 6}, random);
    CHECK_THAT(attention(x).data(), close_to(alone(x).data(), 0));
    CHECK_THAT(attention(x, causal_mask(5)).data(), close_to(alone(x, causal_mask(5)).data(), 0));
  }
}

TEST_CASE("a mask hides the same keys from every head", "[stage_08][8.3]") {
  // With the causal mask no token hears those after it: what the last one says is of no account.
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(5);
    const MultiHeadAttention attention(6, 3, random);
    const Tensor x = drawn({2, 4, 6}, random);
    const Tensor others = drawn({2, 1, 6}, random);
    const Tensor changed =
        pad(slice(x, 1, 0, 3), 1, 0, 1) + pad(others, 1, 3, 0);  // another last token
    const auto before = [&](const Tensor& y) { return slice(y, 1, 0, 3).data(); };
    const Mask causal = causal_mask(4);
    CHECK_THAT(before(attention(changed, causal)), close_to(before(attention(x, causal)), 1e-7F));
    CHECK(largest_difference(before(attention(changed)).host(), before(attention(x)).host()) >
          0.01);
  }
}

TEST_CASE("multi-head attention agrees with finite differences along random directions",
          "[stage_08][8.3]") {
  // Measured: at most 1e-4, over 100 seeds.
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(5);
    MultiHeadAttention attention(6, 3, random);
    std::vector<HostArray> inputs{uniform({2, 4, 6}, 1, random)};
    for (const auto& [name, parameter] : attention.parameters()) {
      inputs.push_back(uniform(parameter.shape(), 1, random));
    }
    const auto attended = [&](const std::vector<Tensor>& at) {
      attention.in_proj_weight = at[1];
      attention.in_proj_bias = at[2];
      attention.out_proj.weight = at[3];
      attention.out_proj.bias = at[4];
      return attention(at[0]);
    };
    CHECK(gradient_error(attended, inputs, random, 3, 2e-3F) < 5e-4);
  }
}

TEST_CASE("the backends agree on attention with several heads, whatever the sizes",
          "[stage_08][8.3]") {
  use(Backend::naive);
  for (const std::int64_t T : {1, 7, 8, 9, 33}) {
    for (const int H : {1, 7, 8, 9, 33}) {
      CAPTURE(T, H);
      HostArray heard[2];
      for (const Backend backend : kBoth) {
        set_backend(backend);
        Random random(6);
        const MultiHeadAttention attention(2 * H, H, random);
        heard[backend == Backend::eigen] = attention(drawn({2, T, 2 * H}, random)).data().host();
      }
      CHECK_THAT(heard[0], close_to(heard[1], 5e-7F));  // measured: at most 9e-8
    }
  }
}

TEST_CASE("a NaN reaches every token of its sequence, and no other sequence", "[stage_08][8.3]") {
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(7);
    const MultiHeadAttention attention(4, 2, random);
    HostArray x = uniform({2, 3, 4}, 1, random);
    x.values[5] = std::numeric_limits<float>::quiet_NaN();
    const HostArray y = attention(Tensor(op::array(x))).data().host();
    for (std::size_t i = 0; i < 24; ++i) CHECK(std::isnan(y.values[i]) == (i < 12));
  }
}

TEST_CASE("tokens and masks of other sizes are refused", "[stage_08][8.3]") {
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(1);
    const MultiHeadAttention attention(8, 2, random);
    const auto on = [&](const Shape& shape, const Mask& mask) {
      return attention(drawn(shape, random), mask);
    };
    CHECK_THROWS_WITH(on({2, 5, 4}, {}), "attention: x should be (B, T, 8), found (2, 5, 4)");
    CHECK_THROWS_WITH(on({5, 8}, {}), "attention: x should be (B, T, 8), found (5, 8)");
    CHECK_THROWS_WITH(on({1, 2, 5, 8}, {}), "attention: x should be (B, T, 8), found (1, 2, 5, 8)");
    CHECK_THROWS_WITH(on({2, 5, 8}, causal_mask(4)),
                      "attention: the mask should be (5, 5), found (4, 4)");
  }
}

}  // namespace
}  // namespace nt

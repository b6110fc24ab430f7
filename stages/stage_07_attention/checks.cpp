// Attention by hand, against PyTorch, along random directions, and on odd sizes. The heads of the
// trained model and their pictures are checked in head_checks.cpp.

#include "attention.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "both_backends.hpp"
#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "core/errors.hpp"
#include "finite_difference.hpp"
#include "frozen.hpp"

namespace nt {
namespace {

/// Eigen's exp gives 2.9e-39 for minus infinity; a weight that small is nothing.
constexpr float kNothing = 1e-38F;

Tensor tensor(const Shape& shape, const std::vector<float>& values) {
  return Tensor(op::array({shape, values}), true);
}

Tensor drawn(const Shape& shape, Random& random, float bound = 1) {
  return Tensor(op::array(uniform(shape, bound, random)), true);
}

HostArray rows(const std::vector<float>& values) {
  return {{3, static_cast<std::int64_t>(values.size()) / 3}, values};
}

// Three tokens. D = 4, so scores are halved; query i is 2 along axis i, so that it answers to key j
// with k[j, i], and those are logarithms: exp gives 1 2 5, 3 4 1 and 1 1 2. No key's last number is
// asked for.
Tensor three_queries() { return tensor({3, 4}, {2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0}); }
Tensor three_keys() {
  const auto ln = [](float x) { return std::log(x); };
  return tensor({3, 4}, {0, ln(3), 0, 9, ln(2), ln(4), 0, -9, ln(5), 0, ln(2), 5});
}
HostArray three_weights() {
  return rows({0.125F, 0.25F, 0.625F, 0.375F, 0.5F, 0.125F, 0.25F, 0.25F, 0.5F});
}
HostArray three_causal_weights() {
  return rows({1, 0, 0, 3 / 7.0F, 4 / 7.0F, 0, 0.25F, 0.25F, 0.5F});
}

TEST_CASE("the causal mask hides what comes after the query, and nothing else", "[stage_07][7.1]") {
  for (const Backend backend : kBoth) {
    use(backend);
    CHECK_THAT(causal_mask(1), close_to(HostArray{{1, 1}, {0}}, 0));
    CHECK_THAT(causal_mask(3), close_to(rows({0, 1, 1, 0, 0, 1, 0, 0, 0}), 0));
    CHECK(causal_mask(3).backend() == backend);
    for (const std::int64_t T : {7, 8, 9, 33}) {
      const HostArray mask = causal_mask(T).host();
      const std::vector<float>& all = mask.values;
      CHECK(std::count(all.begin(), all.end(), 1.0F) == T * (T - 1) / 2);
      CHECK(std::count(all.begin(), all.end(), 0.0F) == T * (T + 1) / 2);
      CHECK(mask[{T - 1, 0}] == 0);
    }
  }
}

TEST_CASE("the weights are the softmax of query times key over the root of D", "[stage_07][7.2]") {
  for (const Backend backend : kBoth) {
    use(backend);
    const Tensor weights = attention_weights(three_queries(), three_keys());
    CHECK_THAT(weights.data(), close_to(three_weights(), 1e-6F));
  }
}

TEST_CASE("scores are divided by the root of D, which the weights betray", "[stage_07][7.2]") {
  // ln(w[i, j] / w[i, 0]) is how much higher the score of key j is than that of key 0: for D = 16 a
  // quarter of the difference of the dot products.
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(2);
    const HostArray q = uniform({3, 16}, 1, random);
    const HostArray k = uniform({3, 16}, 1, random);
    const HostArray weights =
        attention_weights(Tensor(op::array(q)), Tensor(op::array(k))).data().host();
    HostArray higher{{3, 3}, {}};
    HostArray expected{{3, 3}, {}};
    for (std::int64_t i = 0; i < 3; ++i) {
      for (std::int64_t j = 0; j < 3; ++j) {
        double difference = 0;
        for (std::int64_t d = 0; d < 16; ++d) difference += q[{i, d}] * (k[{j, d}] - k[{0, d}]);
        expected.values.push_back(static_cast<float>(difference / 4));
        higher.values.push_back(std::log(weights[{i, j}] / weights[{i, 0}]));
      }
    }
    CHECK_THAT(higher, close_to(expected, 1e-5F));
  }
}

TEST_CASE("keys that a mask hides get nothing, and the others share it", "[stage_07][7.2]") {
  for (const Backend backend : kBoth) {
    use(backend);
    const auto masked = [](const std::vector<float>& mask) {
      return attention_weights(three_queries(), three_keys(), op::array(rows(mask))).data().host();
    };
    const HostArray causal = masked({0, 1, 1, 0, 0, 1, 0, 0, 0});
    CHECK_THAT(causal, close_to(three_causal_weights(), 1e-6F));
    for (const Index& hidden : {Index{0, 1}, {0, 2}, {1, 2}}) CHECK(causal[hidden] < kNothing);
    CHECK_THAT(masked({1, 0, 0, 0, 0, 0, 0, 1, 0}),
               close_to(rows({0, 2 / 7.0F, 5 / 7.0F, 0.375F, 0.5F, 0.125F, 1 / 3.0F, 0, 2 / 3.0F}),
                        1e-6F));
    CHECK_THAT(masked({0, 0, 0, 0, 0, 0, 0, 0, 0}), close_to(three_weights(), 1e-6F));
    const HostArray nowhere = masked({0, 0, 0, 1, 1, 1, 0, 0, 0});
    for (std::size_t i = 0; i < 9; ++i) CHECK(std::isnan(nowhere.values[i]) == (i / 3 == 1));
  }
}

TEST_CASE("attend mixes the values by the weights", "[stage_07][7.2]") {
  for (const Backend backend : kBoth) {
    use(backend);
    const Tensor v = tensor({3, 4}, {8, 0, 0, 4, 0, 8, 0, 4, 0, 0, 8, 4});
    const auto heard = [&](const Mask& mask) {
      return attend(three_queries(), three_keys(), v, mask).data();
    };
    CHECK_THAT(heard({}), close_to(rows({1, 2, 5, 4, 3, 4, 1, 4, 2, 2, 4, 4}), 1e-5F));
    CHECK_THAT(heard(op::array(rows({0, 1, 1, 0, 0, 1, 0, 0, 0}))),
               close_to(rows({8, 0, 0, 4, 24 / 7.0F, 32 / 7.0F, 0, 4, 2, 2, 4, 4}), 1e-5F));
  }
}

TEST_CASE("a score of a thousand takes all and overflows nothing", "[stage_07][7.2]") {
  for (const Backend backend : kBoth) {
    use(backend);
    const Tensor x = tensor({2, 1}, {0, 100});
    const Tensor k = tensor({2, 1}, {-10, 10});
    CHECK_THAT(attention_weights(x, k).data(),
               close_to(HostArray{{2, 2}, {0.5F, 0.5F, 0, 1}}, 1e-6F));
  }
}

TEST_CASE("every sequence of a stack is attended to by itself", "[stage_07][7.2]") {
  // As many tokens as numbers: a key matrix that is not transposed would multiply as well.
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(7);
    const Tensor q = drawn({2, 2, 4, 4}, random);
    const Tensor k = drawn({2, 2, 4, 4}, random);
    const Mask mask = op::array({{4, 4}, {0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0}});
    const HostArray all = attention_weights(q, k, mask).data().host();
    for (std::int64_t i = 0; i < 4; ++i) {
      const auto one = [&](const Tensor& x) {
        return reshape(slice(reshape(x, {4, 4, 4}), 0, i, i + 1), {4, 4});
      };
      const auto first = all.values.begin() + i * 16;
      CHECK_THAT(attention_weights(one(q), one(k), mask).data(),
                 close_to(HostArray{{4, 4}, {first, first + 16}}, 1e-6F));
    }
  }
}

TEST_CASE("split_qkv cuts each token into its query, key and value", "[stage_07][7.3]") {
  for (const Backend backend : kBoth) {
    use(backend);
    const Tensor qkv = tensor({1, 2, 6}, {1, 2, 30, 40, 500, 600, 7, 9, 80, 70, 100, 300});
    const auto [q, k, v] = split_qkv(qkv);
    CHECK_THAT(q.data(), close_to(HostArray{{1, 2, 2}, {1, 2, 7, 9}}, 0));
    CHECK_THAT(k.data(), close_to(HostArray{{1, 2, 2}, {30, 40, 80, 70}}, 0));
    CHECK_THAT(v.data(), close_to(HostArray{{1, 2, 2}, {500, 600, 100, 300}}, 0));
    CHECK_THAT(split_qkv(tensor({3}, {1, 2, 3})).k.data(), close_to(HostArray{{1}, {2}}, 0));
  }
}

TEST_CASE("the gradients of query, key and value lie side by side again", "[stage_07][7.3]") {
  for (const Backend backend : kBoth) {
    use(backend);
    const Tensor qkv = tensor({1, 6}, {1, 2, 3, 4, 5, 6});
    Tape tape;
    const auto [q, k, v] = split_qkv(qkv);
    tape.backward(q * 2 + k * 3 + v * 5, op::array({{1, 2}, {1, 10}}));
    CHECK_THAT(qkv.grad(), close_to(HostArray{{1, 6}, {2, 20, 3, 30, 5, 50}}, 0));
  }
}

TEST_CASE("tokens that ask nothing hear the mean of all values", "[stage_07][7.4]") {
  // C = 1: q = 0, v = 2 x + 1 = 3, 5, 13 with the mean 7, y = 10 * 7 - 4
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(1);
    const SelfAttention attention(1, random);
    load(attention, {{"in_proj_weight", {{3, 1}, {0, 1, 2}}},
                     {"in_proj_bias", {{3}, {0, 1, 1}}},
                     {"out_proj.weight", {{1, 1}, {10}}},
                     {"out_proj.bias", {{1}, {-4}}}});
    CHECK_THAT(attention(tensor({3, 1}, {1, 2, 6})).data(), close_to(rows({66, 66, 66}), 1e-5F));
    CHECK_THAT(attention(tensor({3, 1}, {1, 2, 6}), causal_mask(3)).data(),
               close_to(rows({26, 36, 66}), 1e-5F));  // the means of 3, of 3 5, and of 3 5 13
  }
}

TEST_CASE("self-attention and all its gradients are PyTorch's", "[stage_07][7.4]") {
  constexpr float kTolerance = 1e-5F;  // gradients reach 14 here; measured: at most 1.9e-6
  const Frozen frozen = Frozen::open("operations");
  for (const Backend backend : kBoth) {
    use(backend);
    for (const std::string fixture : {"attention/", "attention_causal/"}) {
      CAPTURE(name(backend), fixture);
      const auto floats = [&](const char* array) { return frozen.floats(fixture + array); };
      Random random(1);
      const SelfAttention attention(8, random);
      load(attention, {{"in_proj_weight", floats("in_weight")},
                       {"in_proj_bias", floats("in_bias")},
                       {"out_proj.weight", floats("out_weight")},
                       {"out_proj.bias", floats("out_bias")}});
      const Tensor x(op::array(floats("x")), true);
      Tape tape;
      const Tensor y = attention(x, fixture == "attention/" ? Mask{} : causal_mask(5));
      tape.backward(y, op::array(floats("dy")));
      CHECK_THAT(y.data(), close_to(floats("y"), kTolerance));
      CHECK_THAT(x.grad(), close_to(floats("dx"), kTolerance));
      CHECK_THAT(attention.in_proj_weight.grad(), close_to(floats("din_weight"), kTolerance));
      CHECK_THAT(attention.in_proj_bias.grad(), close_to(floats("din_bias"), kTolerance));
      CHECK_THAT(attention.out_proj.weight.grad(), close_to(floats("dout_weight"), kTolerance));
      CHECK_THAT(attention.out_proj.bias.grad(), close_to(floats("dout_bias"), kTolerance));
    }
  }
}

TEST_CASE("the weights agree with finite differences along random directions", "[stage_07][7.2]") {
  // Measured: at most 4e-4, over 100 seeds.
  for (const Backend backend : kBoth) {
    use(backend);
    const Mask some = op::array(rows({0, 1, 0, 1, 0, 0, 0, 0, 1}));
    for (const Mask& mask : {Mask{}, some}) {
      Random random(3);
      const std::vector<HostArray> qkv{uniform({2, 3, 4}, 2, random), uniform({2, 3, 4}, 2, random),
                                       uniform({2, 3, 4}, 2, random)};
      const auto weights = [&](const std::vector<Tensor>& x) {
        return attention_weights(x[0], x[1], mask);
      };
      const auto heard = [&](const std::vector<Tensor>& x) {
        return attend(x[0], x[1], x[2], mask);
      };
      CHECK(gradient_error(weights, {qkv[0], qkv[1]}, random) < 1e-3);
      CHECK(gradient_error(heard, qkv, random) < 1e-3);
    }
  }
}

TEST_CASE("self-attention agrees with finite differences along random directions",
          "[stage_07][7.4]") {
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(5);
    SelfAttention attention(6, random);
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
    CHECK(gradient_error(attended, inputs, random) < 1e-3);
  }
}

}  // namespace
}  // namespace nt

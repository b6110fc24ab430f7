// What must hold of attention whatever its weights are: order, masks, backends, NaN; and what it
// refuses.

#include <algorithm>
#include <cmath>
#include <limits>

#include "attention.hpp"
#include "both_backends.hpp"
#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "core/errors.hpp"

namespace nt {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
Tensor zeros_tensor(const Shape& shape) { return Tensor(op::array(filled(shape))); }

/// A self-attention whose biases are not 0.
SelfAttention drawn_attention(std::int64_t C, Random& random) {
  SelfAttention attention(C, random);
  NamedArrays weights;
  for (const auto& [name, parameter] : attention.parameters()) {
    weights.emplace_back(name, uniform(parameter.shape(), 1, random));
  }
  load(attention, weights);
  return attention;
}

HostArray attended(const SelfAttention& attention, const HostArray& x, const Mask& mask = {}) {
  return attention(Tensor(op::array(x)), mask).data().host();
}

/// The tokens of (T, C) in another order: row i is row order[i].
HostArray reordered(const HostArray& x, const std::vector<std::int64_t>& order) {
  HostArray result{x.shape, {}};
  for (const std::int64_t row : order) {
    const auto first = x.values.begin() + row * x.shape[1];
    result.values.insert(result.values.end(), first, first + x.shape[1]);
  }
  return result;
}

TEST_CASE("tokens in another order hear the same in that order", "[stage_07][7.4]") {
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(11);
    const SelfAttention attention = drawn_attention(4, random);
    const HostArray x = uniform({5, 4}, 1, random);
    const std::vector<std::int64_t> order{3, 0, 4, 2, 1};
    CHECK_THAT(attended(attention, reordered(x, order)),
               close_to(reordered(attended(attention, x), order), 1e-5F));
  }
}

TEST_CASE("under the causal mask a later token changes nothing before it", "[stage_07][7.4]") {
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(12);
    const SelfAttention attention = drawn_attention(4, random);
    HostArray x = uniform({6, 4}, 1, random);
    const HostArray before = attended(attention, x, causal_mask(6));
    for (std::size_t i = 4 * 4; i < 5 * 4; ++i) x.values[i] += 1;  // token 4
    const HostArray after = attended(attention, x, causal_mask(6));
    for (std::size_t i = 0; i < 6 * 4; ++i) {
      CHECK((before.values[i] == after.values[i]) == (i < 4 * 4));
    }
  }
}

TEST_CASE("the bias of the keys gets no gradient, since it shifts all scores of a query alike",
          "[stage_07][7.4]") {
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(13);
    const SelfAttention attention = drawn_attention(4, random);
    Tape tape;
    const Tensor y = attention(Tensor(op::array(uniform({2, 5, 4}, 1, random))));
    tape.backward(y, op::array(uniform(y.shape(), 1, random)));
    const HostArray bias = attention.in_proj_bias.grad().host();
    for (std::size_t i = 0; i < 12; ++i) {
      const bool is_key = i / 4 == 1;
      CHECK((std::abs(bias.values[i]) < 1e-6F) == is_key);  // the others are above 1e-3 here
    }
  }
}

TEST_CASE("NaN in gives NaN out, in its own sequence alone", "[stage_07][7.4]") {
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(14);
    const SelfAttention attention = drawn_attention(4, random);
    for (const Mask& mask : {Mask{}, causal_mask(5)}) {
      HostArray x = uniform({2, 5, 4}, 1, random);
      x.values[2 * 4 + 1] = kNaN;  // token 2 of sequence 0: a mask hides its score, but 0 NaN = NaN
      const HostArray y = attended(attention, x, mask);
      for (std::size_t i = 0; i < 2 * 5 * 4; ++i) CHECK(std::isnan(y.values[i]) == (i < 5 * 4));
    }
  }
}

TEST_CASE("a key of NaN spoils the weights of those who may look at it", "[stage_07][7.2]") {
  for (const Backend backend : kBoth) {
    use(backend);
    const Tensor q(op::array({{3, 2}, {1, 2, 3, 4, 5, 6}}));
    const Tensor k(op::array({{3, 2}, {1, 2, 3, kNaN, 5, 6}}));
    const Mask mask = op::array({{3, 3}, {0, 1, 1, 0, 0, 1, 0, 0, 0}});
    const HostArray weights = attention_weights(q, k, mask).data().host();
    CHECK(weights.values[0] == 1);
    for (std::size_t i = 3; i < 9; ++i) CHECK(std::isnan(weights.values[i]));
  }
}

TEST_CASE("self-attention agrees with Eigen on ragged sizes", "[stage_07][7.4]") {
  constexpr std::int64_t kRagged[] = {1, 7, 8, 9, 33};
  install_gradient_rows();
  for (const std::int64_t T : kRagged) {
    for (const std::int64_t C : kRagged) {
      CAPTURE(T, C);
      const auto gradients_on = [&](Backend backend) {
        set_backend(backend);
        Random random(static_cast<std::uint64_t>(100 * T + C));
        const SelfAttention attention(C, random);
        const Tensor x(op::array(uniform({2, T, C}, 1, random)), true);
        Tape tape;
        const Tensor y = attention(x, causal_mask(T));
        tape.backward(y, op::array(uniform(y.shape(), 1, random)));
        std::vector<HostArray> found{y.data().host(), x.grad().host()};
        for (const auto& [name, parameter] : attention.parameters()) {
          found.push_back(parameter.grad().host());
        }
        return found;
      };
      const std::vector<HostArray> expected = gradients_on(Backend::eigen);
      const std::vector<HostArray> actual = gradients_on(Backend::naive);
      for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK_THAT(actual[i], close_to(expected[i], 1e-5F));
      }
    }
  }
}

TEST_CASE("a self-attention begins as PyTorch's does", "[stage_07]") {
  use(Backend::naive);
  Random random(1);
  const SelfAttention attention(64, random);
  struct Row {
    std::string name;
    Shape shape;
    float bound;
  };
  const Row expected[] = {{"in_proj_weight", {192, 64}, std::sqrt(6 / 256.0F)},
                          {"in_proj_bias", {192}, 0},
                          {"out_proj.weight", {64, 64}, 1 / 8.0F},
                          {"out_proj.bias", {64}, 0}};
  REQUIRE(attention.parameters().size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    const auto& [name, parameter] = attention.parameters()[i];
    CAPTURE(name);
    CHECK(name == expected[i].name);
    REQUIRE(parameter.shape() == expected[i].shape);
    const HostArray values = parameter.data().host();
    const auto [low, high] = std::minmax_element(values.values.begin(), values.values.end());
    CHECK(*low >= -expected[i].bound);
    CHECK(*low <= -0.99F * expected[i].bound);
    CHECK(*high <= expected[i].bound);
    CHECK(*high >= 0.99F * expected[i].bound);
  }
}

TEST_CASE("shapes that do not fit are named", "[stage_07]") {
  for (const Backend backend : kBoth) {
    use(backend);
    const Tensor x = zeros_tensor({2, 5, 8});
    const Tensor shorter = zeros_tensor({2, 4, 8});
    const Array small_mask = zeros_tensor({4, 4}).data();
    CHECK_THROWS_AS(attention_weights(x, shorter), ShapeError);
    CHECK_THROWS_WITH(attention_weights(x, shorter),
                      "attention: shapes differ: q is (2, 5, 8), k is (2, 4, 8)");
    CHECK_THROWS_WITH(attend(x, shorter, x, {}),
                      "attention: shapes differ: q is (2, 5, 8), k is (2, 4, 8)");
    CHECK_THROWS_WITH(attend(x, x, shorter, {}),
                      "attention: shapes differ: q is (2, 5, 8), v is (2, 4, 8)");
    CHECK_THROWS_WITH(attend(x, x, x, small_mask),
                      "attention: the mask should be (5, 5), found (4, 4)");
    CHECK_THROWS_WITH(attention_weights(x, x, zeros_tensor({2, 5, 5}).data()),
                      "attention: the mask should be (5, 5), found (2, 5, 5)");
    CHECK_THROWS_WITH(attention_weights(zeros_tensor({8}), zeros_tensor({8})),
                      "attention: tokens lie along an axis of their own: q is (8)");
    CHECK_THROWS_WITH(split_qkv(zeros_tensor({2, 5, 10})),
                      "attention: a query, a key and a value are equally long: qkv is (2, 5, 10)");
    CHECK_THROWS_WITH(split_qkv(zeros_tensor({})),
                      "attention: a query, a key and a value are equally long: qkv is ()");
  }
}

TEST_CASE("self-attention names tokens and masks that do not fit", "[stage_07][7.4]") {
  use(Backend::naive);
  Random random(1);
  const SelfAttention attention(8, random);
  CHECK_THROWS_WITH(attention(zeros_tensor({2, 5, 7})),
                    contains_text("x is (2, 5, 7), weight is (24, 8), bias is (24)"));
  CHECK_THROWS_WITH(attention(zeros_tensor({8})),
                    "attention: tokens lie along an axis of their own: q is (8)");
  CHECK_THROWS_WITH(attention(zeros_tensor({2, 5, 8}), zeros_tensor({4, 4}).data()),
                    "attention: the mask should be (5, 5), found (4, 4)");
}

}  // namespace
}  // namespace nt

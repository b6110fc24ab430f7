// Each function of layers.hpp: worked by hand, beside PyTorch, its gradient beside the finite
// difference, and the backends beside each other.

#include <cmath>

#include "both_backends.hpp"
#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "finite_difference.hpp"
#include "frozen.hpp"
#include "layers.hpp"

namespace nt {
namespace {

TensorFunction of_one(const Activation& f) {
  return [&f](const std::vector<Tensor>& in) { return f(in[0]); };
}

TensorFunction of_three(const WithWeightAndBias& f) {
  return [&f](const std::vector<Tensor>& in) { return f(in[0], in[1], in[2]); };
}

/// y = f(inputs), then the gradient of each input, given dy; on the chosen backend.
std::vector<HostArray> forward_backward(const TensorFunction& f,
                                        const std::vector<HostArray>& inputs, const HostArray& dy) {
  std::vector<Tensor> leaves;
  leaves.reserve(inputs.size());
  for (const HostArray& input : inputs) leaves.emplace_back(op::array(input), true);
  Tape tape;
  const Tensor y = f(leaves);
  std::vector<HostArray> results{y.data().host()};
  tape.backward(y, op::array(dy));
  for (const Tensor& leaf : leaves) results.push_back(leaf.grad().host());
  return results;
}

/// Given dy, f(inputs) and its gradients are `expected`, on both backends.
void check_by_hand(const TensorFunction& f, const std::vector<HostArray>& inputs,
                   const HostArray& dy, const std::vector<HostArray>& expected, float tolerance) {
  for (const Backend backend : kBoth) {
    use(backend);
    CAPTURE(name(backend));
    const std::vector<HostArray> found = forward_backward(f, inputs, dy);
    REQUIRE(found.size() == expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      CHECK_THAT(found[i], close_to(expected[i], tolerance));
    }
  }
}

/// The same with PyTorch's inputs and results. Float32 strays 9.6e-7 from its float64, measured on
/// both backends.
void check_pytorch(const std::string& layer, const TensorFunction& f,
                   const std::vector<std::string>& inputs) {
  const Frozen frozen = Frozen::open("operations");
  std::vector<HostArray> values;
  std::vector<HostArray> expected{frozen.floats(layer + "/y")};
  for (const std::string& input : inputs) {
    values.push_back(frozen.floats(layer + "/" + input));
    expected.push_back(frozen.floats(layer + "/d" + input));
  }
  check_by_hand(f, values, frozen.floats(layer + "/dy"), expected, 4e-6F);
}

/// Numbers that the steps of a finite difference do not carry across 0.
HostArray away_from_0(const Shape& shape, Random& random) {
  HostArray result = normal(shape, random);
  for (float& value : result.values) value += std::copysign(0.1F, value);
  return result;
}

/// One call on ragged sizes.
struct Ragged {
  Shape y;
  std::vector<Shape> inputs;
};

std::vector<Ragged> ragged_activations() {
  std::vector<Ragged> calls;
  for (const std::int64_t n : {1, 7, 8, 9, 33}) {
    calls.push_back({{n}, {{n}}});
    calls.push_back({{3, n}, {{3, n}}});
    calls.push_back({{2, 1, n}, {{2, 1, n}}});
  }
  return calls;
}

/// The tape's gradients are those of finite differences, which float32 makes uncertain by 7e-5, and
/// what naive computes is what eigen does, to 3.4e-6 in a sum of 66 products; both measured.
void check_ragged(const TensorFunction& f, const std::vector<Ragged>& calls,
                  HostArray (*draw)(const Shape&, Random&) = normal) {
  Random random(1);
  for (const auto& [shape, shapes] : calls) {
    std::vector<HostArray> inputs;
    inputs.reserve(shapes.size());
    for (const Shape& input : shapes) inputs.push_back(draw(input, random));
    const HostArray dy = normal(shape, random);
    CAPTURE(shapes);
    use(Backend::eigen);
    CHECK(gradient_error(f, inputs, random) < 3e-4);
    const std::vector<HostArray> eigen = forward_backward(f, inputs, dy);
    use(Backend::naive);
    CHECK(gradient_error(f, inputs, random) < 3e-4);
    const std::vector<HostArray> naive = forward_backward(f, inputs, dy);
    for (std::size_t i = 0; i < naive.size(); ++i) CHECK_THAT(naive[i], close_to(eigen[i], 1e-5F));
  }
}

TEST_CASE("linear multiplies by the transposed weight and adds the bias", "[stage_06][6.2]") {
  // y[i] = x . row i of W + b[i]: 1 - 3 + 10 = 8, 2 + 2 + 20 = 24; 4 - 6 + 10 = 8, 8 + 5 + 20 = 33
  const HostArray weight{{2, 3}, {1, 0, -1, 2, 1, 0}};
  const HostArray bias{{2}, {10, 20}};
  check_by_hand(of_three(linear), {{{2, 3}, {1, 2, 3, 4, 5, 6}}, weight, bias},
                {{2, 2}, {1, 0, 0, 1}},
                {{{2, 2}, {8, 24, 8, 33}},
                 {{2, 3}, {1, 0, -1, 2, 1, 0}},  // dx = dy W
                 {{2, 3}, {1, 2, 3, 4, 5, 6}},   // dW = dy^T x
                 {{2}, {1, 1}}},
                0);
}

TEST_CASE("linear takes a vector, a stack and no examples at all", "[stage_06][6.2]") {
  const HostArray weight{{2, 3}, {1, 0, -1, 2, 1, 0}};
  const HostArray bias{{2}, {10, 20}};
  check_by_hand(of_three(linear), {{{3}, {1, 2, 3}}, weight, bias}, {{2}, {1, 1}},
                {{{2}, {8, 24}}, {{3}, {3, 1, -1}}, {{2, 3}, {1, 2, 3, 1, 2, 3}}, {{2}, {1, 1}}},
                0);
  const std::vector<float> numbers{1, 2, 3, 4, 5, 6};
  check_by_hand(of_three(linear), {{{2, 1, 3}, numbers}, weight, bias}, {{2, 1, 2}, {1, 0, 0, 1}},
                {{{2, 1, 2}, {8, 24, 8, 33}},
                 {{2, 1, 3}, {1, 0, -1, 2, 1, 0}},
                 {{2, 3}, numbers},
                 {{2}, {1, 1}}},
                0);
  check_by_hand(of_three(linear), {{{0, 3}, {}}, weight, bias}, {{0, 2}, {}},
                {{{0, 2}, {}}, {{0, 3}, {}}, {{2, 3}, {0, 0, 0, 0, 0, 0}}, {{2}, {0, 0}}}, 0);
}

TEST_CASE("linear is PyTorch's, forward and backward", "[stage_06][6.2]") {
  check_pytorch("linear", of_three(linear), {"x", "weight", "bias"});
}

TEST_CASE("linear's gradients are finite differences, and the backends agree", "[stage_06][6.2]") {
  std::vector<Ragged> calls;
  for (const std::int64_t n : {1, 7, 8, 9, 33}) {
    calls.push_back({{3, n}, {{3, 5}, {n, 5}, {n}}});
    calls.push_back({{2, n, 3}, {{2, n, n}, {3, n}, {3}}});
    calls.push_back({{4}, {{n}, {4, n}, {4}}});
  }
  check_ragged(of_three(linear), calls);
}

TEST_CASE("relu keeps what is above 0, and its slope at 0 is 0", "[stage_06]") {
  check_by_hand(of_one(relu), {{{2, 3}, {-2, -0.5F, -0.0F, 0, 0.5F, 3}}},
                {{2, 3}, {1, 2, 3, 4, 5, 6}},
                {{{2, 3}, {0, 0, 0, 0, 0.5F, 3}}, {{2, 3}, {0, 0, 0, 0, 5, 6}}}, 0);
}

TEST_CASE("relu is PyTorch's, forward and backward", "[stage_06]") {
  check_pytorch("relu", of_one(relu), {"x"});
}

TEST_CASE("relu's gradient is the finite difference, and the backends agree", "[stage_06]") {
  check_ragged(of_one(relu), ragged_activations(), away_from_0);
}

TEST_CASE("gelu weighs x by the probability of less than x", "[stage_06][6.3]") {
  // P(1) = 0.8413447, P(2) = 0.9772499 and the bell curve p(1) = 0.2419707 are the tables' values.
  // y = x P(x), dy/dx = P(x) + x p(x). The tanh approximation is 1.5e-4 off at 1, 9.8e-5 at 2.
  check_by_hand(of_one(gelu), {{{6}, {0, 1, -1, 2, 10, -10}}}, {{6}, {1, 1, 1, 1, 1, 1}},
                {{{6}, {0, 0.8413447F, -0.1586553F, 1.9544997F, 10, 0}},
                 {{6}, {0.5F, 1.0833155F, -0.0833155F, 1.0852318F, 1, 0}}},
                1e-6F);
}

TEST_CASE("gelu is PyTorch's, forward and backward", "[stage_06][6.3]") {
  check_pytorch("gelu", of_one(gelu), {"x"});
}

TEST_CASE("gelu's gradient is the finite difference, and the backends agree", "[stage_06][6.3]") {
  check_ragged(of_one(gelu), ragged_activations());
}

TEST_CASE("softmax makes shares of 1 along the last axis", "[stage_06][6.4]") {
  // exp: 1, 2, 5 of 8. With y = (1/2, 1/2) and dy = (1, 0): dx = y (dy - <y, dy>) = (1/4, -1/4).
  const float log2 = std::log(2.0F);
  const float log5 = std::log(5.0F);
  for (const Shape& shape : {Shape{3}, Shape{1, 3}, Shape{1, 1, 3}}) {
    check_by_hand(of_one(softmax), {{shape, {0, log2, log5}}}, {shape, {0, 0, 0}},
                  {{shape, {0.125F, 0.25F, 0.625F}}, {shape, {0, 0, 0}}}, 1e-7F);
  }
  check_by_hand(of_one(softmax), {{{2, 2}, {3, 3, -7, -7}}}, {{2, 2}, {1, 0, 0, 2}},
                {{{2, 2}, {0.5F, 0.5F, 0.5F, 0.5F}}, {{2, 2}, {0.25F, -0.25F, -0.5F, 0.5F}}}, 0);
  check_by_hand(of_one(softmax), {{{2, 1}, {5, -5}}}, {{2, 1}, {1, 1}},
                {{{2, 1}, {1, 1}}, {{2, 1}, {0, 0}}}, 0);
  check_by_hand(of_one(softmax), {{{0, 2}, {}}}, {{0, 2}, {}}, {{{0, 2}, {}}, {{0, 2}, {}}}, 0);
}

TEST_CASE("softmax is PyTorch's, forward and backward", "[stage_06][6.4]") {
  check_pytorch("softmax", of_one(softmax), {"x"});
}

TEST_CASE("softmax's gradient is the finite difference, and the backends agree",
          "[stage_06][6.4]") {
  check_ragged(of_one(softmax), ragged_activations());
}

TEST_CASE("log_softmax is the logarithm of the shares", "[stage_06][6.5]") {
  // With y = (log 1/2, log 1/2) and dy = (1, 0): dx = dy - softmax sum(dy) = (1/2, -1/2).
  const float log2 = std::log(2.0F);
  const float log5 = std::log(5.0F);
  for (const Shape& shape : {Shape{3}, Shape{1, 3}, Shape{1, 1, 3}}) {
    check_by_hand(of_one(log_softmax), {{shape, {0, log2, log5}}}, {shape, {0, 0, 0}},
                  {{shape, {-3 * log2, -2 * log2, log5 - 3 * log2}}, {shape, {0, 0, 0}}}, 5e-7F);
  }
  check_by_hand(of_one(log_softmax), {{{2, 2}, {3, 3, -7, -7}}}, {{2, 2}, {1, 0, 0, 2}},
                {{{2, 2}, {-log2, -log2, -log2, -log2}}, {{2, 2}, {0.5F, -0.5F, -1, 1}}}, 1e-7F);
}

TEST_CASE("log_softmax is PyTorch's, forward and backward", "[stage_06][6.5]") {
  check_pytorch("log_softmax", of_one(log_softmax), {"x"});
}

TEST_CASE("log_softmax's gradient is the finite difference, and the backends agree",
          "[stage_06][6.5]") {
  check_ragged(of_one(log_softmax), ragged_activations());
}

TEST_CASE("layer_norm centres and scales each row, then applies weight and bias",
          "[stage_06][6.6]") {
  // Row 1: mean 2, variance 1, so -+1 / sqrt(1 + 1e-5) = -+0.999995. Row 2: mean 0.001, variance
  // 1e-6, which counts little beside 1e-5: -+0.001 / sqrt(1.1e-5) = -+0.3015113.
  const HostArray x{{2, 2}, {1, 3, 0, 0.002F}};
  const HostArray y{{2, 2}, {3.00001F, 16.99995F, 4.3969773F, 10.0151134F}};
  for (const Backend backend : kBoth) {
    use(backend);
    const auto tensor = [](const HostArray& values) { return Tensor(op::array(values)); };
    const Tensor weight = tensor({{2}, {2, 10}});
    const Tensor bias = tensor({{2}, {5, 7}});
    CHECK_THAT(layer_norm(tensor(x), weight, bias).data(), close_to(y, 3e-6F));
    CHECK_THAT(layer_norm(tensor({{2}, {1, 3}}), weight, bias).data(),
               close_to(HostArray{{2}, {3.00001F, 16.99995F}}, 3e-6F));
    CHECK_THAT(layer_norm(tensor({{2, 1, 2}, x.values}), weight, bias).data(),
               close_to(HostArray{{2, 1, 2}, y.values}, 3e-6F));
  }
}

TEST_CASE("layer_norm of a constant row is the bias, and no gradient goes through it",
          "[stage_06][6.6]") {
  const HostArray dy{{2, 4}, {1, 1, 1, 1, 2, 2, 2, 2}};
  check_by_hand(of_three(layer_norm),
                {{{2, 4}, {4, 4, 4, 4, 0, 0, 0, 0}}, {{4}, {1, 2, 3, 4}}, {{4}, {5, 6, 7, 8}}}, dy,
                {{{2, 4}, {5, 6, 7, 8, 5, 6, 7, 8}},
                 // dx = (g - mean g) / sqrt(1e-5), g = dy weight = (1, 2, 3, 4) and twice that
                 {{2, 4},
                  {-474.34165F, -158.11388F, 158.11388F, 474.34165F, -948.6833F, -316.22777F,
                   316.22777F, 948.6833F}},
                 {{4}, {0, 0, 0, 0}},
                 {{4}, {3, 3, 3, 3}}},
                2e-4F);  // of 949, float32 keeps 6e-5
}

TEST_CASE("layer_norm is PyTorch's, forward and backward", "[stage_06][6.6]") {
  check_pytorch("layer_norm", of_three(layer_norm), {"x", "weight", "bias"});
}

TEST_CASE("layer_norm's gradients are finite differences, and the backends agree",
          "[stage_06][6.6]") {
  std::vector<Ragged> calls;
  for (const std::int64_t n : {7, 8, 9, 33}) {
    calls.push_back({{n}, {{n}, {n}, {n}}});
    calls.push_back({{3, n}, {{3, n}, {n}, {n}}});
    calls.push_back({{n, 1, 8}, {{n, 1, 8}, {8}, {8}}});
  }
  calls.push_back({{3, 1}, {{3, 1}, {1}, {1}}});
  check_ragged(of_three(layer_norm), calls);
}

}  // namespace
}  // namespace nt

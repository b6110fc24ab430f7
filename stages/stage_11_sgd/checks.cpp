// The loss. The optimizer is checked in sgd_checks.cpp, how far it goes in clipping_checks.cpp,
// whole training steps in replay_checks.cpp.

#include <cmath>
#include <limits>

#include "baseline.hpp"
#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "core/errors.hpp"
#include "cross_entropy.hpp"
#include "finite_difference.hpp"
#include "tinyvit.hpp"

namespace nt {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr Backend kBoth[] = {Backend::naive, Backend::eigen};

void use(Backend backend) {
  install_patches();
  set_backend(backend);
}

/// The loss, and its gradient for the logits.
struct Judged {
  HostArray loss;
  HostArray dlogits;
};

Judged judged(const HostArray& logits, const Labels& labels) {
  const Tensor x(op::array(logits), true);
  Tape tape;
  const Tensor loss = cross_entropy(x, labels);
  tape.backward(loss);
  return {loss.data().host(), x.grad().host()};
}

HostArray number(float value) { return {{}, {value}}; }

HostArray drawn(const Shape& shape, std::uint64_t seed) {
  Random random(seed);
  return uniform(shape, 4, random);
}

/// A label for each of B rows: 0, 5, 10 ... modulo C.
Labels some_labels(std::int64_t B, std::int64_t C) {
  Labels labels;
  for (std::int64_t i = 0; i < B; ++i) labels.push_back(static_cast<std::int32_t>(5 * i % C));
  return labels;
}

TEST_CASE("the loss of a guess is minus the logarithm of the label's probability",
          "[stage_11][11.1]") {
  use(Backend::naive);
  const float log3 = std::log(3.0F);  // exp of it is 3: the probabilities are 1/4 and 3/4
  CHECK_THAT(judged({{1, 2}, {0, log3}}, {0}).loss, close_to(number(std::log(4.0F)), 1e-6F));
  CHECK_THAT(judged({{1, 2}, {0, log3}}, {1}).loss, close_to(number(std::log(4.0F / 3)), 1e-6F));
  // The label's probability counts, and not where it stands: of ten equal ones each is 1/10.
  const HostArray equal{{1, 10}, std::vector<float>(10, 7)};
  for (const std::int32_t label : {0, 4, 9}) {
    CHECK_THAT(judged(equal, {label}).loss, close_to(number(std::log(10.0F)), 1e-6F));
  }
  // One class is certain.
  CHECK_THAT(judged({{1, 1}, {5}}, {0}).loss, close_to(number(0), 0));
}

TEST_CASE("the loss of a batch is the mean over its rows", "[stage_11][11.1]") {
  use(Backend::naive);
  const float log3 = std::log(3.0F);
  // 1/4, 3/4 and 1/2: the logarithm of 4 * 4/3 * 2, by three
  const HostArray logits{{3, 2}, {0, log3, 0, log3, 8, 8}};
  CHECK_THAT(judged(logits, {0, 1, 1}).loss, close_to(number(std::log(32.0F / 3) / 3), 1e-6F));
}

TEST_CASE("the gradient is the softmax, less 1 at the label, over the number of rows",
          "[stage_11][11.1]") {
  use(Backend::naive);
  const HostArray logits{{2, 2}, {0, std::log(3.0F), 8, 8}};
  CHECK_THAT(judged(logits, {0, 1}).dlogits,
             close_to(HostArray{{2, 2}, {-0.375F, 0.375F, 0.25F, -0.25F}}, 1e-7F));
}

TEST_CASE("loss and gradient are PyTorch's", "[stage_11][11.1]") {
  const Frozen frozen = Frozen::open("operations");
  for (const Backend backend : kBoth) {
    use(backend);
    CAPTURE(name(backend));
    const auto [loss, dlogits] =
        judged(frozen.floats("cross_entropy/x"), frozen.integers("cross_entropy/labels").values);
    // float32 against float64; measured: 4.8e-7, the last bit of 4.4, and 4.5e-8.
    CHECK_THAT(loss, close_to(frozen.floats("cross_entropy/y"), 2e-6F));
    CHECK_THAT(dlogits, close_to(frozen.floats("cross_entropy/dx"), 2e-7F));
  }
}

TEST_CASE("logits of ten thousand give a finite loss and gradient", "[stage_11][11.1]") {
  for (const Backend backend : kBoth) {
    use(backend);
    CAPTURE(name(backend));
    const HostArray logits{{1, 3}, {1e4F, -1e4F, 0}};  // the first class is certain
    const float losses[] = {0, 20000, 10000};
    for (const std::int32_t label : {0, 1, 2}) {
      CAPTURE(label);
      const auto [loss, dlogits] = judged(logits, {label});
      HostArray expected{{1, 3}, {1, 0, 0}};
      expected.values[static_cast<std::size_t>(label)] -= 1;
      CHECK_THAT(loss, close_to(number(losses[label]), 0));
      CHECK_THAT(dlogits, close_to(expected, 0));
    }
  }
}

TEST_CASE("NaN in a row makes the loss NaN, and the gradient of that row alone",
          "[stage_11][11.1]") {
  for (const Backend backend : kBoth) {
    use(backend);
    CAPTURE(name(backend));
    const auto [loss, dlogits] = judged({{2, 3}, {1, 2, 3, 1, kNaN, 3}}, {0, 0});
    CHECK(std::isnan(loss.values.front()));
    for (std::size_t i = 0; i < 6; ++i) CHECK(std::isnan(dlogits.values[i]) == (i >= 3));
  }
}

TEST_CASE("the loss of no rows is NaN, as in PyTorch", "[stage_11][11.1]") {
  for (const Backend backend : kBoth) {
    use(backend);
    CHECK(std::isnan(judged({{0, 10}, {}}, {}).loss.values.front()));
  }
}

TEST_CASE("the gradient of the loss is its slope along random directions", "[stage_11][11.1]") {
  for (const Backend backend : kBoth) {
    use(backend);
    CAPTURE(name(backend));
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      Random random(seed);
      const auto loss = [](const std::vector<Tensor>& x) {
        return cross_entropy(x[0], some_labels(5, 10));
      };
      // Measured with 100 seeds: at most 3.5e-4.
      CHECK(gradient_error(loss, {drawn({5, 10}, seed)}, random) < 1e-3);
    }
  }
}

TEST_CASE("the backends agree on the loss of ragged sizes", "[stage_11][11.1]") {
  for (const std::int64_t B : {1, 7, 8, 9, 33}) {
    for (const std::int64_t C : {1, 7, 8, 9, 33}) {
      CAPTURE(B, C);
      const HostArray logits = drawn({B, C}, static_cast<std::uint64_t>(100 * B + C));
      use(Backend::naive);
      const Judged naive = judged(logits, some_labels(B, C));
      use(Backend::eigen);
      const Judged eigen = judged(logits, some_labels(B, C));
      // Sums in another order; measured with 200 seeds: 1.4e-6, for losses of up to 8, and 2.4e-7.
      CHECK_THAT(naive.loss, close_to(eigen.loss, 5e-6F));
      CHECK_THAT(naive.dlogits, close_to(eigen.dlogits, 1e-6F));
    }
  }
}

TEST_CASE("the loss of X_ref and the gradient of every parameter are PyTorch's",
          "[stage_11][11.1]") {
  const Baseline baseline = load_baseline("");
  for (const Backend backend : kBoth) {
    use(backend);
    CAPTURE(name(backend));
    const TinyVit model = with_weights({}, baseline.frozen.group("initial/weights/"));
    Tape tape;
    const Tensor loss = cross_entropy(model(Tensor(op::array(baseline.x_ref))), baseline.y_ref);
    tape.backward(loss);
    // float32 against float64; measured on both data sets: 2.4e-7, the last bit of 2.3, and 9e-8.
    CHECK_THAT(loss.data(), close_to(baseline.frozen.floats("initial/loss"), 1e-6F));
    for (const auto& [name, weight] : model.parameters()) {
      CAPTURE(name);
      CHECK_THAT(weight.grad(),
                 close_to(baseline.frozen.floats("initial/gradients/" + name), 5e-7F));
    }
  }
}

TEST_CASE("a label that is no class is refused by its place and value", "[stage_11]") {
  use(Backend::naive);
  const Tensor logits(op::array({{2, 10}, std::vector<float>(20, 0)}));
  CHECK_THROWS_WITH(cross_entropy(logits, {0, 10}),
                    "cross_entropy: label 1 is 10: logits are (2, 10)");
  CHECK_THROWS_WITH(cross_entropy(logits, {-1, 10}),
                    "cross_entropy: label 0 is -1: logits are (2, 10)");
  CHECK_THROWS_WITH(cross_entropy(logits, {9, std::numeric_limits<std::int32_t>::min()}),
                    "cross_entropy: label 1 is -2147483648: logits are (2, 10)");
  CHECK_THROWS_WITH(cross_entropy(Tensor(op::array({{1, 0}, {}})), {0}),
                    "cross_entropy: label 0 is 0: logits are (1, 0)");
}

TEST_CASE("logits that have not a row for each label are refused", "[stage_11]") {
  use(Backend::naive);
  struct Row {
    Shape logits;
    Labels labels;
    const char* text;
  };
  const Row rows[] = {
      {{2, 10}, {1, 2, 3}, "logits are (2, 10), labels are 3"},
      {{2, 10}, {}, "logits are (2, 10), labels are 0"},
      {{10}, {1}, "logits are (10), labels are 1"},
      {{}, {}, "logits are (), labels are 0"},
      {{2, 1, 10}, {1, 2}, "logits are (2, 1, 10), labels are 2"},
  };
  for (const auto& [shape, labels, text] : rows) {
    const Tensor logits(op::array(drawn(shape, 1)));
    CHECK_THROWS_AS(cross_entropy(logits, labels), ShapeError);
    CHECK_THROWS_WITH(cross_entropy(logits, labels),
                      std::string("cross_entropy: a label for each row: ") + text);
  }
}

}  // namespace
}  // namespace nt

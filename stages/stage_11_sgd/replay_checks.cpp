// A training step, and the baseline's run made of such steps.

#include <cmath>
#include <limits>

#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "classify.hpp"
#include "clipping.hpp"
#include "core/errors.hpp"
#include "replay.hpp"
#include "schedule.hpp"
#include "sgd.hpp"

namespace nt {
namespace {

void use(Backend backend) {
  install_patches();
  set_backend(backend);
}

const Baseline& baseline() {
  static const Baseline loaded = load_baseline("");
  return loaded;
}

/// The baseline with only ten test images, so that accuracy is soon measured.
const Baseline& with_ten_test_images() {
  static const Baseline few = [] {
    Baseline copy = baseline();
    copy.test_count = 10;
    return copy;
  }();
  return few;
}

TinyVit initial_model() { return with_weights({}, baseline().frozen.group("initial/weights/")); }

/// A model that reads images of 4 x 4 pixels, and two of them.
TinyVit small_model() {
  Random random(1);
  return {{.image = 4, .patch = 2, .dim = 4, .depth = 1, .heads = 2, .mlp = 8, .classes = 3},
          random};
}

HostArray small_images() {
  Random random(2);
  return uniform({2, 1, 4, 4}, 1, random);
}

const Labels kSmallLabels{2, 0};

std::vector<HostArray> gradients_of(const TinyVit& model) {
  std::vector<HostArray> gradients;
  for (const auto& [name, weight] : model.parameters()) gradients.push_back(weight.grad().host());
  return gradients;
}

HostArray losses(std::vector<float> values) { return {{std::ssize(values)}, std::move(values)}; }

TEST_CASE("a training step gives the loss before it, and PyTorch's gradients to the update",
          "[stage_11][11.5]") {
  use(Backend::naive);
  const TinyVit model = initial_model();
  std::vector<HostArray> gradients;
  const float loss = train_step(model, baseline().x_ref, baseline().y_ref, [&] {
    gradients = gradients_of(model);
    for (auto [name, weight] : model.parameters()) {
      weight.set_data(op::multiply(weight.data(), op::number(0)));
    }
  });
  // As in checks.cpp: float32 against float64.
  CHECK_THAT((HostArray{{}, {loss}}), close_to(baseline().frozen.floats("initial/loss"), 1e-6F));
  REQUIRE(gradients.size() == model.parameters().size());
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    const std::string& name = model.parameters()[i].first;
    CAPTURE(name);
    CHECK_THAT(gradients[i],
               close_to(baseline().frozen.floats("initial/gradients/" + name), 5e-7F));
  }
}

TEST_CASE("a training step forgets the gradients of the one before", "[stage_11][11.5]") {
  use(Backend::naive);
  const TinyVit model = small_model();
  train_step(model, small_images(), kSmallLabels, [] {});
  const std::vector<HostArray> first = gradients_of(model);
  train_step(model, small_images(), kSmallLabels, [] {});
  const std::vector<HostArray> second = gradients_of(model);
  for (std::size_t i = 0; i < first.size(); ++i) {
    CAPTURE(model.parameters()[i].first);
    CHECK_THAT(second[i], close_to(first[i], 0));
  }
}

TEST_CASE("a training step updates once, and the next one sees it", "[stage_11][11.5]") {
  use(Backend::naive);
  const TinyVit model = small_model();
  Sgd sgd(model.parameters(), {.lr = 0.1F});
  int updates = 0;
  float before = std::numeric_limits<float>::infinity();
  for (int step = 1; step <= 5; ++step) {
    const float loss = train_step(model, small_images(), kSmallLabels, [&] {
      ++updates;
      sgd.step();
    });
    CHECK(updates == step);
    CHECK(loss < before);
    before = loss;
  }
}

TEST_CASE("a pixel that is NaN gives a loss that is NaN, and NaN to all weights",
          "[stage_11][11.5]") {
  use(Backend::naive);
  const TinyVit model = small_model();
  Sgd sgd(model.parameters(), {.lr = 0.1F});
  HostArray images = small_images();
  images.values[5] = std::numeric_limits<float>::quiet_NaN();
  CHECK(std::isnan(train_step(model, images, kSmallLabels, [&] {
    clip_gradients(model.parameters(), 1);
    sgd.step();
  })));
  for (const auto& [name, weight] : model.parameters()) {
    CAPTURE(name);
    for (const float value : weight.data().host().values) CHECK(std::isnan(value));
  }
}

TEST_CASE("a step that cannot be taken does not update", "[stage_11][11.5]") {
  use(Backend::naive);
  const TinyVit model = small_model();
  int updates = 0;
  const auto update = [&] { ++updates; };
  CHECK_THROWS_WITH(train_step(model, small_images(), {0, 3}, update),
                    "cross_entropy: label 1 is 3: logits are (2, 3)");
  CHECK_THROWS_WITH(train_step(model, {{2, 4, 4}, small_images().values}, {0, 1}, update),
                    "tinyvit: images should be (B, 1, 4, 4), found (2, 4, 4)");
  CHECK(updates == 0);
}

TEST_CASE("the first losses of the recipe are PyTorch's", "[stage_11][11.5]") {
  const Recipe& recipe = baseline().sgd;
  constexpr int kSteps = 6;
  const HostArray& frozen = baseline().frozen.floats("sgd/losses");
  const std::vector<float> expected(frozen.values.begin(), frozen.values.begin() + kSteps);
  for (const Backend backend : {Backend::naive, Backend::eigen}) {
    use(backend);
    CAPTURE(name(backend));
    const TinyVit model = initial_model();
    Sgd sgd(model.parameters(), {.lr = recipe.lr, .momentum = recipe.momentum});
    const auto update = [&](std::int64_t step) {
      clip_gradients(model.parameters(), recipe.clip);
      sgd.step(recipe.lr * linear_rate(step, recipe.steps));
    };
    const ReplayLog log = replay(model, baseline(), baseline().frozen.integers("sgd/order"),
                                 recipe.batch, kSteps, update, [](float) {});
    // float32 against float64; measured on both data sets: 2.4e-7.
    CHECK_THAT(losses(log.losses), close_to(losses(expected), 1e-6F));
    CHECK(log.accuracy.empty());
  }
}

TEST_CASE("a run goes batch by batch through every epoch, the last one short", "[stage_11][11.5]") {
  use(Backend::eigen);
  const TinyVit model = initial_model();
  const HostIntegers order{{2, 5}, {40, 11, 7, 1999, 0, 3, 3, 20, 500, 6}};
  const std::vector<std::vector<std::int32_t>> batches = {{40, 11}, {7, 1999}, {0},
                                                          {3, 3},   {20, 500}, {6}};
  std::vector<std::int64_t> steps;
  std::vector<float> told;
  const ReplayLog log = replay(
      model, with_ten_test_images(), order, 2, 100,
      [&](std::int64_t step) { steps.push_back(step); }, [&](float loss) { told.push_back(loss); });

  std::vector<float> expected;
  for (const std::vector<std::int32_t>& batch : batches) {
    const LabelledImages& train = baseline().data.train;
    expected.push_back(train_step(model, train.normalised(batch), train.labels_at(batch), [] {}));
  }
  CHECK_THAT(losses(log.losses), close_to(losses(expected), 0));
  CHECK(told == log.losses);
  CHECK(steps == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5});
  CHECK(log.accuracy.size() == 2);
}

TEST_CASE("a run ends after so many steps, and whole epochs have an accuracy", "[stage_11][11.5]") {
  use(Backend::eigen);
  const TinyVit model =
      with_weights({}, baseline().frozen.group("sgd/weights.0/"));  // so that it reads some
  const HostIntegers order{{2, 3}, {0, 1, 2, 3, 4, 5}};
  const auto run = [&](std::int64_t steps) {
    return replay(
        model, with_ten_test_images(), order, 1, steps, [](std::int64_t) {}, [](float) {});
  };
  const auto wrong =
      mistakes(classify(model, baseline().data.test, 10), baseline().data.test.labels);
  const double accuracy = 1 - static_cast<double>(wrong.size()) / 10;
  CHECK(accuracy > 0);
  CHECK(accuracy < 1);
  const std::size_t epochs[] = {0, 0, 0, 1, 1, 1, 2, 2};
  for (const std::int64_t steps : {0, 2, 3, 5, 6, 7}) {
    CAPTURE(steps);
    const ReplayLog log = run(steps);
    CHECK(std::ssize(log.losses) == std::min<std::int64_t>(steps, 6));
    CHECK(log.accuracy == std::vector<double>(epochs[steps], accuracy));
  }
}

TEST_CASE("batches without images are refused", "[stage_11]") {
  use(Backend::naive);
  CHECK_THROWS_WITH(replay(
                        small_model(), with_ten_test_images(), {{1, 2}, {0, 1}}, 0, 1,
                        [](std::int64_t) {}, [](float) {}),
                    "replay: batch should be 1 or more, found 0");
}

}  // namespace
}  // namespace nt

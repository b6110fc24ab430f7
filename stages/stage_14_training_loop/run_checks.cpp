// A whole run: what is evaluated and when, who is told, and what a run that was stopped still owes.

#include <fmt/format.h>

#include <cmath>

#include "baseline.hpp"
#include "check/catch.hpp"
#include "classify.hpp"
#include "core/errors.hpp"
#include "small_run.hpp"
#include "state_file.hpp"
#include "training_run.hpp"

namespace nt {
namespace {

/// A model whose logits are (1, 2, 0), whatever it sees.
TinyVit constant_model() {
  TinyVit model = small_model();
  for (auto [name, weight] : model.parameters()) {
    weight.set_data(op::multiply(weight.data(), op::number(0)));
    if (name == "classifier.bias") weight.set_data(op::array({{3}, {1, 2, 0}}));
  }
  return model;
}

TEST_CASE("an evaluation is the mean of the losses and counts what is read rightly",
          "[stage_14][14.4]") {
  for (const Backend backend : {Backend::naive, Backend::eigen}) {
    use(backend);
    const Evaluation found = evaluate(constant_model(), small_set(5));  // labels 0 1 2 0 1
    const double sum = std::exp(1.0) + std::exp(2.0) + 1;
    const double expected = std::log(sum) - (1 + 2 + 0 + 1 + 2) / 5.0;
    CHECK(found.loss == Approx(expected).epsilon(1e-6));  // float32: half a unit of 1.2e-7
    CHECK(found.right == 2);
    CHECK(found.images == 5);
    CHECK(found.accuracy() == 0.4);
  }
}

TEST_CASE("an evaluation does not depend on the parts it is made in", "[stage_14][14.4]") {
  for (const Backend backend : {Backend::naive, Backend::eigen}) {
    use(backend);
    const TinyVit model = small_model();
    for (const std::int64_t images : {1, 7, 8, 9, 33}) {
      const ImageSet set = small_set(images);
      const Evaluation whole = evaluate(model, set, images);
      for (const std::int64_t batch : {1, 4, 8, 50}) {
        CAPTURE(images, batch);
        const Evaluation found = evaluate(model, set, batch);
        CHECK(found.right == whole.right);
        CHECK(found.images == images);
        CHECK(found.loss == Approx(whole.loss).epsilon(1e-6));  // measured: 1e-7
      }
    }
  }
}

TEST_CASE("an evaluation reads what stage 10 reads from the trusted images", "[stage_14][14.4]") {
  use(Backend::eigen);
  const Baseline baseline = load_baseline("");
  const TinyVit model = with_weights({}, baseline.frozen.group("sgd/weights.0/"));
  const ImageSet test = first(read_image_sets(baseline.data.name).test, 60);
  const auto wrong = mistakes(classify(model, baseline.data.test, 60), baseline.data.test.labels);
  CHECK_FALSE(wrong.empty());
  CHECK(evaluate(model, test).right == 60 - std::ssize(wrong));
}

TEST_CASE("an evaluation changes nothing", "[stage_14][14.4]") {
  use(Backend::naive);
  const TinyVit model = small_model();
  const NamedArrays before = weights_of(model);
  const Evaluation once = evaluate(model, small_set(7));
  CHECK(evaluate(model, small_set(7)) == once);
  CHECK(same(weights_of(model), before));
  for (const auto& [name, weight] : model.parameters()) CHECK_FALSE(weight.grad());
}

TEST_CASE("a weight that is NaN makes an evaluation's loss NaN", "[stage_14][14.4]") {
  use(Backend::naive);
  const TinyVit model = small_model();
  Tensor weight = model.parameters().front().second;
  weight.set_data(op::multiply(weight.data(), op::number(std::nanf(""))));
  CHECK(std::isnan(evaluate(model, small_set(7)).loss));
}

TEST_CASE("nothing to evaluate is refused", "[stage_14]") {
  use(Backend::naive);
  CHECK_THROWS_WITH(evaluate(small_model(), small_set(3), 0),
                    "evaluate: batch should be 1 or more, found 0");
  CHECK_THROWS_WITH(evaluate(small_model(), small_set(0)), "evaluate: there are no images");
}

/// Everything that was told of a run, in its order, with the state of the trainer at that time.
struct Told {
  std::string order;
  std::vector<EpochResult> epochs;
  std::vector<Evaluation> expected;

  TrainingWatch watch(const Trainer& trainer, const ImageSet& test) {
    return {[&](const StepResult& result) { order += fmt::format("s{} ", result.step); },
            [&](const EpochResult& result) {
              order += fmt::format("e{} ", result.epoch);
              epochs.push_back(result);
              expected.push_back(evaluate(trainer.model(), test));
            }};
  }
};

TEST_CASE("a run takes all steps and evaluates after each epoch",
          "[stage_14][14.1][14.2][14.3][14.4][14.5]") {
  for (const Backend backend : {Backend::naive, Backend::eigen}) {
    use(backend);
    const ImageSet set = small_set(7);
    const ImageSet test = small_set(4);
    Trainer trainer = small_trainer(set);
    Trainer alone = small_trainer(set);
    Told told;
    const std::vector<EpochResult> epochs = train(trainer, test, told.watch(trainer, test));
    CHECK(told.order == "s1 s2 s3 e0 s4 s5 s6 e1 ");
    REQUIRE(epochs.size() == 2);
    for (std::size_t i = 0; i < epochs.size(); ++i) {
      while (alone.done() < 3 * static_cast<std::int64_t>(i + 1)) alone.step();
      CHECK(epochs[i].epoch == static_cast<std::int64_t>(i));
      CHECK(epochs[i].loss == alone.epoch_loss());
      CHECK(epochs[i].test == evaluate(alone.model(), test));
      CHECK(epochs[i].test == told.expected[i]);
      CHECK(told.epochs[i].loss == epochs[i].loss);
      CHECK(told.epochs[i].test == epochs[i].test);
    }
  }
}

TEST_CASE("a run whose watch stops it goes on where it was",
          "[stage_14][14.1][14.2][14.3][14.4][14.5]") {
  use(Backend::naive);
  const ImageSet set = small_set(7);
  const ImageSet test = small_set(4);
  Trainer whole = small_trainer(set);
  const std::vector<EpochResult> expected = train(whole, test);
  for (std::int64_t stop = 1; stop <= 6; ++stop) {
    CAPTURE(stop);
    Trainer trainer = small_trainer(set);
    CHECK_THROWS_AS(train(trainer, test,
                          {[&](const StepResult& result) {
                             if (result.step == stop) throw Interrupted();
                           },
                           {}}),
                    Interrupted);
    CHECK(trainer.done() == stop);
    const std::vector<EpochResult> rest = train(trainer, test);
    REQUIRE(rest.size() == (stop <= 3 ? 2 : 1));
    CHECK(rest.back().loss == expected.back().loss);
    CHECK(rest.back().test == expected.back().test);
    CHECK(state_json(trainer.state()) == state_json(whole.state()));
  }
}

TEST_CASE("a run that has ended is evaluated and takes no step",
          "[stage_14][14.1][14.2][14.3][14.4][14.5]") {
  use(Backend::naive);
  const ImageSet set = small_set(7);
  Trainer trainer = small_trainer(set);
  const std::vector<EpochResult> epochs = train(trainer, set);
  Told told;
  const std::vector<EpochResult> again = train(trainer, set, told.watch(trainer, set));
  CHECK(told.order == "e1 ");
  REQUIRE(again.size() == 1);
  CHECK(again.front().test == epochs.back().test);
}

TEST_CASE("the same run twice ends in the same bytes, on each backend",
          "[stage_14][14.1][14.2][14.3][14.4][14.5]") {
  const ImageSet set = small_set(9);
  for (const char* optimizer : {"adamw", "sgd"}) {
    for (const Backend backend : {Backend::naive, Backend::eigen}) {
      use(backend);
      const auto run = [&] {
        Trainer trainer = small_trainer(set, {.optimizer = optimizer});
        train(trainer, set);
        return state_json(trainer.state());
      };
      CHECK(run() == run());
    }
  }
}

}  // namespace
}  // namespace nt

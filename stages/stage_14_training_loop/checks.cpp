// A trainer's steps: what one does, how they are counted, and that a run which was stopped goes on
// as if it had not been.

#include <cmath>
#include <limits>

#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "clipping.hpp"
#include "core/errors.hpp"
#include "frozen_run.hpp"
#include "replay.hpp"
#include "small_run.hpp"

namespace nt {
namespace {

constexpr const char* kOptimizers[] = {"adamw", "sgd"};

const Baseline& baseline() {
  static const Baseline loaded = load_baseline("");
  return loaded;
}

TEST_CASE("the first losses of both recipes are PyTorch's", "[stage_14][14.1][14.2][14.3]") {
  const ImageSet set = read_image_sets(baseline().data.name).train;
  for (const char* name : kOptimizers) {
    CAPTURE(name);
    const HostArray& frozen = baseline().frozen.floats(std::string(name) + "/losses");
    for (const Backend backend : {Backend::naive, Backend::eigen}) {
      use(backend);
      Trainer trainer = frozen_trainer(name, baseline(), set);
      CHECK(trainer.steps() == frozen.shape[0]);
      HostArray losses{{3}, {}};
      for (int i = 0; i < 3; ++i) losses.values.push_back(trainer.step().loss);
      const HostArray expected{{3}, {frozen.values.begin(), frozen.values.begin() + 3}};
      CHECK_THAT(losses, close_to(expected, 1e-6F));  // measured: 2.4e-7, the last bit of 2.3
    }
  }
}

TEST_CASE("a step is a train_step with the rate of the plan, clipped as it says",
          "[stage_14][14.1][14.2][14.3]") {
  const ImageSet set = small_set(7);
  for (const char* name : kOptimizers) {
    for (const float clip : {0.0F, 0.1F}) {
      for (const Backend backend : {Backend::naive, Backend::eigen}) {
        use(backend);
        CAPTURE(name, clip);
        const TrainingPlan plan{.epochs = 2, .lr = 0.05F, .schedule = linear_rate, .clip = clip};
        Trainer trainer = small_trainer(set, {.optimizer = name, .plan = plan});

        const TinyVit model = small_model();
        const auto optimizer = make_optimizer(name, model.parameters());
        DataLoader loader(set, 3, Random(5));
        for (std::int64_t step = 0; step < 6; ++step) {
          const Batch batch = loader.next();
          const float lr = plan.lr * linear_rate(step, 6);
          const float loss = train_step(model, batch.images, batch.labels, [&] {
            if (clip > 0) clip_gradients(model.parameters(), clip);
            optimizer->step(lr);
          });
          const StepResult result = trainer.step();
          CHECK(result.loss == loss);
          CHECK(result.lr == lr);
          CHECK(result.step == step + 1);
          CHECK(result.epoch == step / 3);
          CHECK(result.images == (step % 3 == 2 ? 1 : 3));
          CHECK(same(weights_of(trainer.model()), weights_of(model)));
        }
      }
    }
  }
}

TEST_CASE("the loss of an epoch is the mean over its images, whatever batch they were in",
          "[stage_14][14.1][14.2][14.3]") {
  use(Backend::naive);
  const ImageSet set = small_set(7);
  Trainer trainer = small_trainer(set);
  for (int epoch = 0; epoch < 2; ++epoch) {
    CAPTURE(epoch);
    const double a = trainer.step().loss;
    CHECK(trainer.epoch_loss() == a);
    const double b = trainer.step().loss;
    CHECK_FALSE(trainer.epoch_ended());
    const double c = trainer.step().loss;
    CHECK(trainer.epoch_ended());
    CHECK(trainer.epoch() == epoch);
    CHECK(trainer.epoch_loss() == Approx((3 * a + 3 * b + c) / 7).epsilon(1e-12));
  }
}

TEST_CASE("a run has so many steps, and not one more", "[stage_14][14.1][14.2][14.3]") {
  use(Backend::naive);
  const ImageSet set = small_set(7);
  Trainer trainer = small_trainer(set);
  CHECK(trainer.steps() == 6);
  CHECK_FALSE(trainer.epoch_ended());
  for (std::int64_t step = 0; step < 6; ++step) {
    CHECK(trainer.done() == step);
    CHECK_FALSE(trainer.finished());
    trainer.step();
  }
  CHECK(trainer.done() == 6);
  CHECK(trainer.finished());
  const NamedArrays weights = weights_of(trainer.model());
  CHECK_THROWS_WITH(trainer.step(), "trainer: all 6 steps are done");
  CHECK(same(weights_of(trainer.model()), weights));
}

TEST_CASE("a loss that is no number ends the run", "[stage_14][14.1][14.2][14.3]") {
  use(Backend::naive);
  const ImageSet set = small_set(7);
  Trainer trainer = small_trainer(set);
  trainer.step();
  for (auto [name, weight] : trainer.model().parameters()) {
    weight.set_data(op::multiply(weight.data(), op::number(std::nanf(""))));
  }
  CHECK_THROWS_WITH(trainer.step(), "trainer: the loss of step 2 is nan: a smaller lr may help");
}

TEST_CASE("a run that goes on from a state takes the very steps it would have taken",
          "[stage_14][14.1][14.2][14.3]") {
  const ImageSet set = small_set(7);
  for (const char* name : kOptimizers) {
    for (const Backend backend : {Backend::naive, Backend::eigen}) {
      use(backend);
      Trainer trainer = small_trainer(set, {.optimizer = name});
      std::vector<TrainingState> states{trainer.state()};
      while (!trainer.finished()) {
        trainer.step();
        states.push_back(trainer.state());
      }
      for (std::size_t stop = 0; stop < states.size(); ++stop) {
        CAPTURE(name, stop);
        Trainer other = small_trainer(set, {.optimizer = name});
        other.step();
        other.restore(states[stop]);
        CHECK(other.done() == static_cast<std::int64_t>(stop));
        while (!other.finished()) other.step();
        const TrainingState end = other.state();
        CHECK(same(end.weights, states.back().weights));
        CHECK(same(end.optimizer.buffers, states.back().optimizer.buffers));
        CHECK(end.optimizer.steps == states.back().optimizer.steps);
        CHECK(end.place == states.back().place);
        CHECK(end.epoch_loss == states.back().epoch_loss);
        CHECK(end.images == 7);
      }
    }
  }
}

TEST_CASE("the state of another run is refused, and the trainer keeps its own",
          "[stage_14][14.1][14.2][14.3]") {
  use(Backend::naive);
  const ImageSet set = small_set(7);
  Trainer trainer = small_trainer(set);
  trainer.step();
  const TrainingState own = trainer.state();
  const auto refused = [&](const auto& spoil, const char* text) {
    TrainingState state = own;
    spoil(state);
    CHECK_THROWS_WITH(trainer.restore(state), text);
    const TrainingState kept = trainer.state();
    CHECK(same(kept.weights, own.weights));
    CHECK(same(kept.optimizer.buffers, own.optimizer.buffers));
    CHECK(kept.place == own.place);
    CHECK(kept.step == own.step);
  };
  refused([](TrainingState& s) { s.sizes.heads = 1; },
          "trainer: the state's model has heads 1, this one 2");
  refused([](TrainingState& s) { s.sizes.depth = 2; },
          "trainer: the state's model has depth 2, this one 1");
  refused([](TrainingState& s) { s.step = 2; },
          "trainer: step 2 is not batch 1 of epoch 0, where an epoch has 3");
  refused([](TrainingState& s) { s.place.epoch = 2, s.step = 7; },
          "trainer: the state is at step 7 of 6");
  refused(
      [](TrainingState& s) {
        s.weights.front().second.values.front() = 9, s.place.batch = 4, s.step = 4;
      },
      "loader: there is no batch 4 of epoch 0: an epoch has 3");
  refused([](TrainingState& s) { s.weights.back().first = "classifer.bias"; },
          "load: no weight 'classifier.bias', which is (3)");
  refused(
      [](TrainingState& s) {
        s.weights.front().second.values.front() = 9, s.optimizer.name = "sgd";
      },
      "optimizer: the state is of 'sgd', not of 'adamw'");
}

TEST_CASE("plans that make no sense are refused", "[stage_14][14.1]") {
  use(Backend::naive);
  const ImageSet set = small_set(7);
  const auto with = [&](std::int64_t epochs, float lr) {
    small_trainer(set, {.plan = {.epochs = epochs, .lr = lr}});
  };
  CHECK_THROWS_WITH(with(0, 1), "trainer: epochs should be 1 or more, found 0");
  CHECK_THROWS_WITH(with(1, -1), "trainer: lr should be a number of 0 or more, found -1");
  CHECK_THROWS_WITH(with(1, std::nanf("")),
                    "trainer: lr should be a number of 0 or more, found nan");
  CHECK_THROWS_WITH(with(1, std::numeric_limits<float>::infinity()),
                    "trainer: lr should be a number of 0 or more, found inf");
}

}  // namespace
}  // namespace nt

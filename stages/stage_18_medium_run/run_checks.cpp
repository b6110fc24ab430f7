// What is run, measured and reported: the same steps on every backend, the report of a run, the
// images and the options that it stands on.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <limits>

#include "answers.hpp"
#include "check/catch.hpp"
#include "core/errors.hpp"
#include "core/files.hpp"
#include "core/scratch_folder.hpp"
#include "enough_images.hpp"
#include "install_fast.hpp"
#include "medium_options.hpp"
#include "medium_report.hpp"
#include "scratch_files.hpp"
#include "well_formed.hpp"

namespace nt {
namespace {

void use(Backend backend) {
  install_fast();
  set_backend(backend);
}

const ImageSets& digits() {
  static const ImageSets sets = find_images("digits", 42, 30).sets;
  return sets;
}

/// Three steps an epoch, the last one with 10 images.
constexpr TrainingOptions small_recipe() {
  TrainingOptions options;
  options.batch = 16;
  options.schedule = "linear";
  options.heads = 2;
  options.dim = 8;
  options.train = 42;
  options.test = 30;
  return options;
}

const std::vector<Backend> kAll{Backend::naive, Backend::eigen, Backend::fast};

TEST_CASE("every backend takes the steps that a run on it alone would take", "[stage_18][18.5]") {
  use(Backend::naive);
  const std::vector<BackendSteps> all =
      compare_backends(small_recipe(), digits().train, 3, kAll, 4);
  REQUIRE(all.size() == 3);
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAPTURE(name(kAll[i]));
    CHECK(all[i].backend == kAll[i]);
    use(kAll[i]);
    Trainer trainer = make_trainer(small_recipe(), digits().train, 3);
    std::vector<float> losses;
    while (losses.size() < 4) losses.push_back(trainer.step().loss);
    CHECK(all[i].losses == losses);
  }
}

TEST_CASE("the backends' losses agree", "[stage_18][18.5]") {
  use(Backend::naive);
  const std::vector<BackendSteps> all =
      compare_backends(small_recipe(), digits().train, 1, kAll, 6);
  // Measured with 40 seeds: 4.8e-7, two units in the last place of 2.3.
  CHECK(farthest_losses(all[1].losses, all[0].losses) < 2e-6);
  CHECK(farthest_losses(all[2].losses, all[0].losses) < 2e-6);
}

TEST_CASE("every step but the first is timed", "[stage_18][18.5]") {
  use(Backend::naive);
  const auto timed = [](std::int64_t steps) {
    return compare_backends(small_recipe(), digits().train, 1, {Backend::fast}, steps).front();
  };
  CHECK(timed(3).timed_images == 16 + 10);
  CHECK(timed(4).timed_images == 16 + 10 + 16);
  CHECK(timed(1).timed_images == 0);
  CHECK(timed(1).seconds == 0);
  CHECK(timed(1).rate() == 0);
  CHECK(BackendSteps{Backend::fast, {}, 2, 100}.rate() == 50);
}

TEST_CASE("a run that is shorter than the steps asked for is taken to its end",
          "[stage_18][18.5]") {
  use(Backend::fast);
  const auto losses = [](std::int64_t steps) {
    return compare_backends(small_recipe(), digits().train, 1, {Backend::eigen}, steps)
        .front()
        .losses;
  };
  CHECK(losses(100).size() == 6);
  CHECK(losses(100) == losses(6));
  CHECK(losses(0).empty());
}

TEST_CASE("the backend that was chosen is chosen again", "[stage_18][18.5]") {
  for (const Backend backend : kAll) {
    use(backend);
    compare_backends(small_recipe(), digits().train, 1, kAll, 1);
    CHECK(current_backend() == backend);
    TrainingOptions wrong = small_recipe();
    wrong.batch = 0;
    CHECK_THROWS_WITH(compare_backends(wrong, digits().train, 1, kAll, 1),
                      "loader: batch should be 1 or more, found 0");
    CHECK(current_backend() == backend);
  }
}

TEST_CASE("losses are as far apart as the step at which they differ most", "[stage_18]") {
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  CHECK(farthest_losses({1, 2, 3}, {1, 2.5F, 2.75F}) == 0.5);
  CHECK(farthest_losses({}, {}) == 0);
  CHECK(std::isinf(farthest_losses({1, 2}, {1})));
  CHECK(std::isinf(farthest_losses({1, kNaN}, {1, kNaN})));
}

/// A small run on the fast backend, with times as a machine might have measured them.
MediumRun small_run(std::int64_t seed, double time) {
  use(Backend::fast);
  Trainer trainer = make_trainer(small_recipe(), digits().train, seed);
  MediumRun run{.recipe = small_recipe(),
                .data = "digits",
                .seed = seed,
                .backend = Backend::fast,
                .seen = {},
                .read = {},
                .confusion = {},
                .backends = {}};
  run.seen.epochs =
      train(trainer, digits().test,
            {[&](const StepResult& step) { run.seen.losses.push_back(step.loss); }, {}});
  run.seen.rates.assign(run.seen.epochs.size(), 42 / time);
  run.read = classes_of(logits_of(trainer.model(), digits().test));
  run.confusion = confusion_of(run.read, digits().test.labels, 10);
  run.backends = compare_backends(small_recipe(), digits().train, seed, kAll, 2);
  for (BackendSteps& taken : run.backends) taken.seconds = time;
  return run;
}

std::string facts_text(const MediumRun& run) {
  const Document facts{"facts", facts_of(run)};
  return html_of(facts) + markdown_of(facts) + text_of(facts);
}

TEST_CASE("the same seed gives the same report but for the times",
          "[stage_18][18.1][18.2][18.3][18.4][18.5]") {
  const MediumRun once = small_run(1, 0.5), again = small_run(1, 2);
  CHECK(facts_text(once) == facts_text(again));
  CHECK(facts_text(once) != facts_text(small_run(2, 0.5)));
  CHECK(text_of(report_of(once)) != text_of(report_of(again)));
}

TEST_CASE("a report has the figures of its run", "[stage_18][18.1][18.2][18.3][18.4][18.5]") {
  const MediumRun run = small_run(1, 0.5);
  const Evaluation& last = run.seen.epochs.back().test;
  CHECK(run.confusion.right() == last.right);
  const Document report = report_of(run);
  const std::string page = html_of(report);
  CHECK(first_stray_tag(page).empty());
  CHECK(count_of("<svg", page) == 3);
  CHECK(count_of("<circle", page) == 4);  // two epochs, in two charts
  CHECK(count_of("class=\"cell\"", page) == 100);
  CHECK(count_of("nan", page) == 0);
  const std::string text = markdown_of(report);
  CHECK_THAT(text, contains_text("# A run of 42 images\n"));
  CHECK_THAT(text,
             contains_text(fmt::format("\n{} of 30 test images are read rightly", last.right)));
  CHECK_THAT(text, contains_text("| training images | 42 |"));
  CHECK_THAT(text, contains_text(fmt::format("| 2 | {:.4f} | {:.4f} | {} |",
                                             run.seen.epochs.back().loss, last.loss, last.right)));
  CHECK_THAT(text, contains_text("| 1 | 0.5 | 84 |"));             // an epoch's time
  CHECK_THAT(text, contains_text("| eigen | 0.50 | 32 | 1.0 |"));  // the 16 images of step 2
}

TEST_CASE("of the digits there are as many as are wanted, or all", "[stage_18]") {
  const ScratchFolder nothing;
  const FoundImages some = find_images("digits", 5, 3, nothing.path());
  CHECK(some.sets.name == "digits");
  CHECK(some.sets.train.count() == 5);
  CHECK(some.sets.test.count() == 3);
  CHECK(some.folder == project_root() / "data/digits");
  CHECK(some.shortage.empty());
  CHECK(find_images("digits", 2000, 1000, nothing.path()).shortage.empty());

  const FoundImages all = find_images("digits", 10'000, 2000, nothing.path());
  CHECK(all.sets.train.count() == 2000);
  CHECK(all.sets.test.count() == 1000);
  CHECK(all.shortage ==
        "digits has 2000 training and 1000 test images where 10000 and 2000 are wanted; "
        "`./learn data digits --count 12000` draws enough");
}

TEST_CASE("of the drawn digits the smallest set that is large enough is taken", "[stage_18]") {
  const ScratchFolder data;
  CHECK(drawn_digits(data.path(), 100).empty());
  for (const char* name : {"digits-500", "digits-12000", "digits-60000", "digits", "digits-x",
                           "digits-70000x", "digits-", "mnist"}) {
    std::filesystem::create_directory(data.path() / name);
  }
  data.write("digits-13000", "a file");
  CHECK(drawn_digits(data.path(), 500).filename() == "digits-500");
  CHECK(drawn_digits(data.path(), 501).filename() == "digits-12000");
  CHECK(drawn_digits(data.path(), 12'001).filename() == "digits-60000");
  CHECK(drawn_digits(data.path(), 60'001).filename() == "digits-60000");
}

/// Writes so many images of 28 x 28 zeros, and as many labels.
void write_images(const std::filesystem::path& folder, const std::string& prefix,
                  std::uint8_t count) {
  std::string images("\0\0\x08\x03\0\0\0\0\0\0\0\x1c\0\0\0\x1c", 16),
      labels("\0\0\x08\x01\0\0\0\0", 8);
  images[7] = labels[7] = static_cast<char>(count);
  write_file(folder / (prefix + "-images-idx3-ubyte.gz"),
             images + std::string(std::size_t{count} * 28 * 28, '\0'));
  write_file(folder / (prefix + "-labels-idx1-ubyte.gz"), labels + std::string(count, '\x05'));
}

TEST_CASE("drawn digits are read where they are more than those that are kept", "[stage_18]") {
  const ScratchFolder data;
  for (const char* name : {"digits-2000", "digits-9000"}) {
    std::filesystem::create_directory(data.path() / name);
  }
  const std::filesystem::path larger = data.path() / "digits-9000";
  CHECK_THROWS_AS(find_images("digits", 2001, 10, data.path()), FileError);  // it is empty
  write_images(larger, "train", 7);
  write_images(larger, "t10k", 2);
  const FoundImages found = find_images("digits", 2001, 1, data.path());
  CHECK(found.folder == larger);
  CHECK(found.sets.train.labels == Labels(7, 5));
  CHECK(found.sets.test.count() == 1);
  CHECK(found.shortage ==
        "digits has 7 training and 2 test images where 2001 and 1 are wanted; "
        "`./learn data digits --count 2001` draws enough");
  std::filesystem::remove_all(larger);
  CHECK(find_images("digits", 2001, 10, data.path()).sets.train.count() == 2000);
}

MediumOptions parsed(std::vector<const char*> line) {
  line.insert(line.begin(), "program");
  MediumOptions options;
  CLI::App app;
  add_medium_options(app, options);
  app.parse(static_cast<int>(line.size()), line.data());
  return options;
}

TEST_CASE("without options the recipe is that of the medium run", "[stage_18]") {
  const TrainingOptions recipe = parsed({}).training;
  CHECK(recipe == medium_recipe());
  CHECK(recipe.epochs == 5);
  CHECK(recipe.train == 10'000);
  CHECK(recipe.test == 2000);
  CHECK(recipe.rate() == 4e-3F);
  CHECK(parsed({"--optimizer", "sgd"}).training.rate() == 0.1F);
  CHECK(parsed({"--lr", "0.5"}).training.rate() == 0.5F);
  CHECK(parsed({"--batch", "8"}).training.batch == 8);
}

TEST_CASE("the report goes into the folder that is named", "[stage_18]") {
  const ScratchFolder folder;
  CHECK(parsed({}).file(".md") == project_root() / "out/18_report.md");
  CHECK(parsed({"--out", folder.path().c_str()}).file(".html") == folder.path() / "18_report.html");
  CHECK_THROWS_WITH(parsed({"--out", "/nowhere"}), "--out: no such folder: /nowhere");
}

}  // namespace
}  // namespace nt

// What the program is told, and the table that it prints.

#include <CLI/CLI.hpp>

#include "check/catch.hpp"
#include "core/errors.hpp"
#include "core/paths.hpp"
#include "epoch_table.hpp"
#include "full_options.hpp"
#include "install_fast.hpp"
#include "peak_memory.hpp"

namespace nt {
namespace {

constexpr Nanoseconds kSecond = 1'000'000'000;

FullOptions parsed(std::vector<const char*> line) {
  line.insert(line.begin(), "program");
  FullOptions options;
  CLI::App app;
  add_full_options(app, options);
  app.parse(static_cast<int>(line.size()), line.data());
  return options;
}

TEST_CASE("without options the recipe is the documented one", "[stage_19]") {
  const FullOptions options = parsed({});
  CHECK(options.training == full_recipe());
  CHECK_FALSE(options.full);
  CHECK_FALSE(options.resume);
  CHECK(options.every == 30);
  CHECK(parsed({"--optimizer", "sgd"}).training.rate() == 0.1F);
  CHECK(parsed({"--lr", "0.5"}).training.rate() == 0.5F);
}

TEST_CASE("every option arrives where it belongs", "[stage_19]") {
  const FullOptions options = parsed({"--full", "--resume", "--every", "0.5", "--checkpoint",
                                      "x.safetensors", "--epochs", "3", "--schedule", "cosine"});
  CHECK(options.full);
  CHECK(options.resume);
  CHECK(options.every == 0.5);
  CHECK(options.checkpoint == "x.safetensors");
  CHECK(options.training.epochs == 3);
  CHECK(options.training.schedule == "cosine");
}

TEST_CASE("what makes no sense is refused with the command line", "[stage_19]") {
  CHECK_THROWS_WITH(parsed({"--checkpoint", "x.json"}),
                    "--checkpoint: x.json should be called .safetensors");
  CHECK_THROWS_WITH(parsed({"--checkpoint", "/nowhere/x.safetensors"}),
                    "--checkpoint: no such folder: /nowhere");
  CHECK_THROWS_WITH(parsed({"--every", "-1"}),
                    "--every: expected seconds from 0 to 1000000, found -1");
  CHECK_THROWS_WITH(parsed({"--every", "nan"}),
                    "--every: expected seconds from 0 to 1000000, found nan");
  CHECK_THROWS_AS(parsed({"--train", "5"}), CLI::ParseError);
  CHECK_THROWS_WITH(parsed({"--heads", "3"}), "--heads 3 does not divide --dim 64");
}

TEST_CASE("a rehearsal takes the first images, a full run all of them", "[stage_19]") {
  FullOptions options;
  const ImageSets few = read_sets(options, "digits");
  CHECK(few.train.count() == 1000);
  CHECK(few.test.count() == 500);
  options.full = true;
  const ImageSets all = read_sets(options, "digits");
  CHECK(all.train.count() == 2000);
  CHECK(options.training.train == 2000);
  CHECK(options.training.test == 1000);
  CHECK(std::equal(few.train.pixels.begin(), few.train.pixels.end(), all.train.pixels.begin()));
}

TEST_CASE("a rehearsal is not kept where a full run is", "[stage_19]") {
  install_fast();
  set_backend(Backend::naive);
  FullOptions options;
  CHECK(shown(keeping_of(options, "digits", 1).path) == "out/19_rehearsal_naive.safetensors");
  options.full = true;
  options.training.test = 1000;
  options.every = 5;
  const Keeping keeping = keeping_of(options, "digits", 1);
  CHECK(shown(keeping.path) == "out/19_checkpoint.safetensors");
  CHECK(keeping.every == 5);
  CHECK(keeping.recipe.at("backend") == "naive");
  CHECK(keeping.recipe.at("schedule") == "linear");
  CHECK(keeping.recipe.at("test") == "1000");
  options.checkpoint = "mine.safetensors";
  CHECK(keeping_of(options, "digits", 1).path == "mine.safetensors");
}

TEST_CASE("the time of an epoch is that of its steps", "[stage_19]") {
  Nanoseconds time = 5 * kSecond;
  EpochTimes times([&] { return time; });
  time += 2 * kSecond;
  times.step({1, 0, 0, 0, 60});
  time += 3 * kSecond;
  times.step({2, 0, 0, 0, 40});
  time += 100 * kSecond;
  times.evaluated();
  time += kSecond;
  times.step({3, 1, 0, 0, 60});
  REQUIRE(times.shares().size() == 2);
  CHECK(times.shares().at(0).images == 100);
  CHECK(times.shares().at(0).time == 5 * kSecond);
  CHECK(times.shares().at(1).time == kSecond);
}

TEST_CASE("the table has a line for every epoch, also of those that another process saw",
          "[stage_19]") {
  const EpochLog log{{0, {0, 1.25, {0.5, 900, 1000}}},
                     {1, {1, 0.5, {0.25, 951, 1000}}},
                     {2, {2, 0.25, {0.25, 951, 1000}}}};
  CHECK(table_of(log, {{1, {40, kSecond}}, {2, {100, 5 * kSecond}}}, 100) ==
        "epoch  training loss  test loss  accuracy  seconds  images/s\n"
        "------------------------------------------------------------\n"
        "1             1.2500     0.5000   90.00 %        -         -\n"
        "2             0.5000     0.2500   95.10 %        -         -\n"
        "3             0.2500     0.2500   95.10 %      5.0        20\n");
  CHECK(best(log).epoch == 1);
}

TEST_CASE("memory is counted in megabytes", "[stage_19]") {
  const double before = peak_memory();
  CHECK(before > 1);
  const std::vector<char> block(100'000'000, 'x');
  CHECK(block[1] == 'x');
  CHECK(peak_memory() >= 100);
  CHECK(peak_memory() < before + 200);
}

}  // namespace
}  // namespace nt

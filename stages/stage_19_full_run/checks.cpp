// The parts of a long run, one by one: the clock that says when to save, and the log of the epochs.

#include <cmath>
#include <limits>

#include "check/catch.hpp"
#include "core/errors.hpp"
#include "epoch_log.hpp"
#include "metrics_file.hpp"
#include "save_clock.hpp"

namespace nt {
namespace {

constexpr Nanoseconds kSecond = 1'000'000'000;

/// A clock that stands until it is set, and a save that takes its time.
struct Saves {
  Nanoseconds time = 7 * kSecond;  // what a clock begins with means nothing
  Nanoseconds takes = 0;
  int count = 0;

  SaveClock clock(double every) {
    return {every, [this] { return time; },
            [this] {
              ++count;
              time += takes;
            }};
  }

  /// A tick so many seconds later; how often was saved by then.
  int after(double seconds, SaveClock& clock) {
    time += static_cast<Nanoseconds>(seconds * kSecond);
    clock.tick();
    return count;
  }
};

TEST_CASE("a run is saved where so many seconds have gone by", "[stage_19][19.1]") {
  Saves saves;
  SaveClock clock = saves.clock(30);
  CHECK(saves.after(10, clock) == 0);
  CHECK(saves.after(19.5, clock) == 0);
  CHECK(saves.after(0.5, clock) == 1);  // 30 seconds, to the nanosecond
  CHECK(saves.after(29, clock) == 1);
  CHECK(saves.after(45, clock) == 2);  // late, which happens once, not twice
  CHECK(saves.after(29, clock) == 2);
  CHECK(saves.after(1, clock) == 3);
}

TEST_CASE("the seconds count from where the last save had ended", "[stage_19][19.1]") {
  Saves saves;
  saves.takes = 20 * kSecond;
  SaveClock clock = saves.clock(10);
  CHECK(saves.after(10, clock) == 1);
  CHECK(saves.after(9, clock) == 1);
  CHECK(saves.after(1, clock) == 2);
}

TEST_CASE("with 0 seconds every step is saved, and fractions count", "[stage_19][19.1]") {
  Saves saves;
  SaveClock always = saves.clock(0);
  CHECK(saves.after(0, always) == 1);
  CHECK(saves.after(0, always) == 2);
  Saves others;
  SaveClock quarter = others.clock(0.25);
  CHECK(others.after(0.125, quarter) == 0);
  CHECK(others.after(0.125, quarter) == 1);
}

TEST_CASE("a save that fails is tried again at the next tick", "[stage_19][19.1]") {
  int tries = 0;
  Nanoseconds time = 0;
  SaveClock clock(
      1, [&] { return time; },
      [&] {
        if (++tries == 1) throw Error("no space left");
      });
  time = kSecond;
  CHECK_THROWS_WITH(clock.tick(), "no space left");
  clock.tick();
  CHECK(tries == 2);
  clock.tick();
  CHECK(tries == 2);
}

EpochLog read(const std::string& line) { return log_of("x", {{"result.1", line}}); }

TEST_CASE("a log comes back from its metadata, every number with its bits", "[stage_19][19.2]") {
  EpochLog log;
  for (std::int64_t epoch = 0; epoch < 12; ++epoch) {  // result.10 stands before result.2
    log[epoch] = {
        epoch, 1.0 / 3 / static_cast<double>(epoch + 1), {std::exp(-epoch), 9000 + epoch, 10'000}};
  }
  log[3].loss = 5e-324;
  const EpochLog back = log_of("x", log_metadata(log));
  REQUIRE(back.size() == 12);
  for (const auto& [epoch, result] : log) {
    CAPTURE(epoch);
    CHECK(back.at(epoch).epoch == epoch);
    CHECK(back.at(epoch).loss == result.loss);
    CHECK(back.at(epoch).test == result.test);
  }
}

TEST_CASE("an epoch's entry is the line of its metrics", "[stage_19]") {
  const EpochResult result{1, 0.5, {0.25, 9, 10}};
  CHECK(log_metadata({{1, result}}) == Metadata{{"result.2", json_line(result)}});
}

TEST_CASE("members are known by their names, in any order and among others", "[stage_19][19.2]") {
  const EpochLog log = read(
      R"({"images": 10, "right": 9, "seconds": [1.5, 2], "test_loss": 0.25, "train_loss": 0.5, "epoch": 0})");
  REQUIRE(log.size() == 1);
  const EpochResult& result = log.at(0);
  CHECK(result.loss == 0.5);
  CHECK(result.test == Evaluation{0.25, 9, 10});
}

TEST_CASE("what stands under other names is no result", "[stage_19]") {
  CHECK(log_of("x", {{"epoch", "3"}, {"steps.classifier.bias", "7"}, {"results", "{}"}}).empty());
}

TEST_CASE("a result with a number missing is refused", "[stage_19][19.2]") {
  CHECK_THROWS_WITH(read(R"({"epoch": 0, "train_loss": 0.5, "test_loss": 0.25, "images": 10})"),
                    "x: result.1: no 'right'");
  CHECK_THROWS_WITH(read(R"({"train_loss": 0.5, "test_loss": 0.25, "right": 9, "images": 10})"),
                    "x: result.1: no 'epoch'");
  CHECK_THROWS_WITH(read(R"({"epoch": 0, "test_loss": 0.25, "right": 9, "images": 10})"),
                    "x: result.1: no 'train_loss'");
}

TEST_CASE("a result that no run can have is refused", "[stage_19][19.2]") {
  const auto line = [](std::int64_t epoch, std::int64_t right, std::int64_t images) {
    return json_line(EpochResult{epoch, 0.5, {0.25, right, images}});
  };
  CHECK_THROWS_WITH(read(line(3, 9, 10)), "x: result.1: is of epoch 3, counted from 0");
  CHECK_THROWS_WITH(read(line(-1, 9, 10)), "x: result.1: is of epoch -1, counted from 0");
  CHECK_THROWS_WITH(read(line(0, 11, 10)), "x: result.1: has 11 of 10 images right");
  CHECK_THROWS_WITH(read(line(0, -1, 10)), "x: result.1: has -1 of 10 images right");
  CHECK_THROWS_WITH(read(line(0, 0, 0)), "x: result.1: has 0 of 0 images right");
  CHECK_THROWS_AS(read(line(std::numeric_limits<std::int64_t>::max(), 9, 10)), FileError);
  CHECK_THROWS_WITH(log_of("x", {{"result.01", line(0, 9, 10)}}),
                    "x: result.01: is of epoch 0, counted from 0");
}

TEST_CASE("a result that is none is refused with its place", "[stage_19][19.2]") {
  CHECK_THROWS_WITH(read(R"({"epoch": 0, "right": 2.5})"),
                    "x: result.1: byte 25, right: expected a whole number, found 2.5");
  CHECK_THROWS_WITH(read(json_line(EpochResult{}) + "}"),
                    contains_text("expected the end, found '}'"));
  CHECK_THROWS_WITH(read("9000 of 10000"), "x: result.1: byte 0: expected '{', found '9'");
}

}  // namespace
}  // namespace nt

// The race up the ladder: what it makes of its measurements, and how it shows them. Nothing here
// asks the clock.

#include "check/catch.hpp"
#include "check/occurrences.hpp"
#include "kernels.hpp"
#include "ladder.hpp"
#include "openblas.hpp"
#include "parallel.hpp"
#include "peak.hpp"

namespace nt {
namespace {

using Kind = Racer::Kind;

/// Three rounds of two rungs, a library on two threads, one that is missing, and two peaks.
std::vector<RaceLine> some_lines() {
  return race_lines({{"naive", Kind::rung, 1},
                     {"reordered", Kind::rung, 1},
                     {"Eigen", Kind::library, 2},
                     {"OpenBLAS", Kind::library, 1},
                     {"peak", Kind::peak, 1},
                     {"peak", Kind::peak, 2}},
                    {{2, 1, 4}, {8, 6, 8}, {10, 40, 30}, {}, {20, 10, 40}, {40, 40, 20}});
}

TEST_CASE("a line has medians over the rounds, each round compared with itself",
          "[stage_17][ladder]") {
  const std::vector<RaceLine> lines = some_lines();
  CHECK(lines[0].gflops == 2);
  CHECK(lines[0].share == 0.1);  // 2 / 20, 1 / 10, 4 / 40
  CHECK(lines[0].gain == 0);
  CHECK(lines[1].gflops == 8);
  CHECK(lines[1].share == 0.4);  // 8 / 20, 6 / 10, 8 / 40
  CHECK(lines[1].gain == 4);     // 8 / 2, 6 / 1, 8 / 4
  CHECK(lines[2].gflops == 30);
  CHECK(lines[2].share == 1);  // of the peak on two threads: 10 / 40, 40 / 40, 30 / 20
  CHECK(lines[2].gain == 0);
  CHECK(lines[4].share == 1);
}

TEST_CASE("the median of an even number of rounds lies between the middle two",
          "[stage_17][ladder]") {
  const auto lines = race_lines({{"peak", Kind::peak, 1}}, {{1, 8, 2, 4}});
  CHECK(lines[0].gflops == 3);
}

TEST_CASE("who is not installed has no figures, and the table says so", "[stage_17][ladder]") {
  CHECK(some_lines()[3].gflops == 0);
  CHECK(ladder_table({{8, 16, 32}, "plain", some_lines()}) ==
        "8 x 16 x 32               threads        GFLOP/s  of the peak   gain\n"
        "--------------------------------------------------------------------\n"
        "naive: loops m, n, k            1           2.00       10.0 %\n"
        "reordered: loops m, k, n        1           8.00       40.0 %  4.0 x\n"
        "Eigen                           2           30.0      100.0 %\n"
        "OpenBLAS                        1  not installed\n"
        "peak                            1           20.0      100.0 %\n"
        "peak                            2           40.0      100.0 %\n");
}

TEST_CASE("the picture has a bar for each line and a dashed line for each peak",
          "[stage_17][ladder]") {
  const std::string svg = ladder_svg({{8, 16, 32}, "plain", some_lines()});
  CHECK(count(svg, "<rect") == 1 + 4);  // the frame
  CHECK(count(svg, "stroke-dasharray") == 2);
  CHECK(count(svg, ">not installed<") == 1);
  CHECK(count(svg, ">Eigen, 2 threads<") == 1);
  CHECK(count(svg, ">peak, 1 thread: 20.0<") == 1);
  CHECK(count(svg, ">30.0 \u00b7 100 %<") == 1);
  CHECK(count(svg, "width=\"360.0\"") == 1);  // 30 of 40, of 480
  CHECK(count(svg, "nan") == 0);
}

TEST_CASE("sizes are a square or three numbers", "[stage_17][ladder]") {
  CHECK(parse_sizes("512").text() == "512 x 512 x 512");
  CHECK(parse_sizes("1568x64x192").text() == "1568 x 64 x 192");
  CHECK(parse_sizes("1x4096x7").flop() == 2 * 4096 * 7);
  for (const char* wrong : {"", "0x3", "0", "4097", "1x2", "1x2x3x4", "1x2x", "x", "a", "-1",
                            "1x-2x3", "12 ", "1X2X3", "99999999999999999999"}) {
    CAPTURE(wrong);
    CHECK_THROWS_WITH(
        parse_sizes(wrong),
        std::string("--ladder: expected M or MxKxN, each from 1 to 4096, found '") + wrong + "'");
    CHECK_THROWS_AS(parse_sizes(wrong), UsageError);
  }
}

TEST_CASE("the products of TinyViT for 32 images", "[stage_17][ladder]") {
  std::vector<std::string> texts;
  for (const MatrixSizes& sizes : tinyvit_products(32)) texts.push_back(sizes.text());
  CHECK(texts == std::vector<std::string>{"1568 x 64 x 192", "1568 x 64 x 64", "1568 x 64 x 128",
                                          "1568 x 128 x 64", "192 x 1568 x 64"});
}

TEST_CASE("all six rungs run the race, from the lowest to the highest",
          "[stage_17][17.3][17.4][17.5]") {
  int rounds = 0;
  const Race race =
      climb({9, 8, 7}, {.rounds = 2, .seconds = 1e-6, .each_round = [&] { ++rounds; }});
  CHECK(rounds == 2);
  CHECK(race.sizes.text() == "9 x 8 x 7");
  CHECK(race.processor == fast::kernels().processor);
  REQUIRE(race.lines.size() > 8);
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(race.lines[i].racer.name == ladder()[i].name);
    CHECK(race.lines[i].gflops > 0);
    CHECK(race.lines[i].share > 0);
    CHECK((race.lines[i].gain > 0) == (i > 0));
  }
  CHECK(race.lines[5].racer.threads == fast::threads());
  CHECK(race.lines[6].racer.name == "Eigen");
  CHECK(race.lines[6].gflops > 0);
  CHECK(race.lines.back().racer.kind == Kind::peak);
  CHECK(race.lines.back().share == 1);
}

TEST_CASE("a race ends where a round throws", "[stage_17][17.3][17.4][17.5]") {
  const auto stop = [] { throw Interrupted(); };
  CHECK_THROWS_AS(climb({2, 2, 2}, {.seconds = 1e-6, .each_round = stop}), Interrupted);
}

TEST_CASE("the measure of the peak computes what it promises, in every set", "[stage_17][ladder]") {
  for (const fast::Kernels* set : fast::runnable_kernels()) {
    CAPTURE(std::string(set->processor));
    std::vector<float> x(static_cast<std::size_t>(fast::kPeakVectors * set->width));
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i);
    set->fused_multiply_adds(3, x.data());
    for (std::size_t i = 0; i < x.size(); ++i) {
      REQUIRE(x[i] == static_cast<float>(i) / 8 + 1.75F);  // (((i / 2 + 1) / 2) + 1) / 2 + 1
    }
  }
}

TEST_CASE("a run of the peak on two threads has sixteen times the operations",
          "[stage_17][ladder]") {
  CHECK(peak_flop(1) == 2.0 * 20000 * fast::kPeakVectors * fast::runnable_kernels().back()->width);
  CHECK(peak_flop(2) == 16 * peak_flop(1));
  run_peak(2);  // returns
}

TEST_CASE("a library that is not there is nothing", "[stage_17][ladder]") {
  CHECK_FALSE(OpenBlas::find("libno-such-blas.so.0"));
  CHECK_FALSE(OpenBlas::find("libm.so.6"));  // there, and no BLAS
}

TEST_CASE("OpenBLAS multiplies, where it is installed", "[stage_17][ladder]") {
  const auto blas = OpenBlas::find();
  if (!blas) return;
  CHECK_THAT(blas->name(), Catch::Matches(R"(OpenBLAS \d+\.\d+\.\d+.*, \w+)"));
  blas->set_threads(1);
  const float a[] = {1, 2, 3, 4, 5, 6};
  const float b[] = {1, 0, 0, 1, 10, -1};
  std::vector<float> c(4);
  blas->multiply(2, 2, 3, a, b, c.data());
  CHECK(c == std::vector<float>{31, -1, 64, -1});
  blas->multiply(2, 2, 3, a, b, c.data(), {true, false});  // a read as (3, 2)
  CHECK(c == std::vector<float>{51, -2, 62, -2});
  blas->multiply(2, 2, 3, a, b, c.data(), {false, true});  // b read as (2, 3)
  CHECK(c == std::vector<float>{1, 18, 4, 48});
}

}  // namespace
}  // namespace nt

#pragma once
// The race up the ladder: every rung of rungs.hpp, then Eigen's product and OpenBLAS's, and the
// measured limit of the machine. A processor's speed changes from second to second; so all run in
// turn, several rounds, and are compared within each round. What is told is the median.

#include <functional>
#include <string>
#include <vector>

#include "kernels.hpp"

namespace nt {

/// c = a b.   a: (M, K), b: (K, N) -> c: (M, N)
struct MatrixSizes {
  fast::Size M, K, N;

  /// Multiplications and additions: 2 M K N.
  double flop() const;
  /// "1568 x 64 x 192", in the order M, K, N.
  std::string text() const;
};

/// From "512", a square, or "1568x64x192". Throws UsageError
///   `--ladder: expected M or MxKxN, each from 1 to 4096, found '0x3'`
MatrixSizes parse_sizes(const std::string& text);

/// The products of a training step of TinyViT with so many images, each kind once: q, k and v;
/// attention's result; the two of the MLP; and the gradient of the weight of q, k and v.
std::vector<MatrixSizes> tinyvit_products(fast::Size batch);

/// One version of the product.
struct Rung {
  using Multiply = void (*)(fast::Size M, fast::Size N, fast::Size K, const float* a,
                            const float* b, float* c);

  std::string name;
  std::string change;  ///< what it changes of the rung before
  Multiply multiply;   ///< see rungs.hpp
  bool on_all_threads = false;
};

/// The six rungs, the lowest first.
const std::vector<Rung>& ladder();

/// Who takes part in the race.
struct Racer {
  enum class Kind { rung, library, peak };

  std::string name;
  Kind kind;
  int threads;
};

/// What came of it for one of them. All figures are medians over the rounds.
struct RaceLine {
  Racer racer;
  double gflops;  ///< 10^9 floating-point operations a second; 0: not installed
  double share;   ///< of the peak with as many threads: 1 is all of it
  double gain;    ///< times the rung before; 0 for the first rung, and for who is none
};

struct Race {
  MatrixSizes sizes;
  std::string processor;  ///< whose kernels the upper rungs used: plain, avx2 or avx512
  std::vector<RaceLine> lines;
};

struct RaceRules {
  int rounds = 5;
  double seconds = 0.02;  ///< that each racer runs for in a round: the clock's own time is nothing
  std::function<void()> each_round = [] {};  ///< before every round; may throw to end the race
};

/// Runs the race, with the chosen kernels and as many threads as the fast backend has.
Race climb(const MatrixSizes& sizes, const RaceRules& rules = {});

/// The lines, from the GFLOP/s of each racer in each round; none for who is not installed.
///   speeds[i]: those of racers[i]
std::vector<RaceLine> race_lines(const std::vector<Racer>& racers,
                                 const std::vector<std::vector<double>>& speeds);

/// As a table for the terminal.
std::string ladder_table(const Race& race);

/// As bars beside each other, the peaks as lines: an SVG.
std::string ladder_svg(const Race& race);

}  // namespace nt

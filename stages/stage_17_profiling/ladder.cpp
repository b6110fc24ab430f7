#include "ladder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/errors.hpp"
#include "rungs.hpp"

namespace nt {
namespace {

constexpr fast::Size kLargest = 4096;

/// The number at the beginning of text, which is taken off it; 0 where there is none.
fast::Size take_number(std::string_view& text) {
  fast::Size number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return error == std::errc{} && number <= kLargest ? number : 0;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

/// The median over the rounds of how many times the speed of `other` this speed is.
double ratio(const std::vector<double>& speed, const std::vector<double>& other) {
  std::vector<double> ratios;
  for (std::size_t round = 0; round < speed.size(); ++round) {
    ratios.push_back(speed[round] / other[round]);
  }
  return median(ratios);
}

}  // namespace

double MatrixSizes::flop() const {
  return 2 * static_cast<double>(M) * static_cast<double>(K) * static_cast<double>(N);
}

std::string MatrixSizes::text() const { return fmt::format("{} x {} x {}", M, K, N); }

MatrixSizes parse_sizes(const std::string& text) {
  std::string_view rest = text;
  std::vector<fast::Size> sizes{take_number(rest)};
  while (rest.starts_with('x')) {
    rest.remove_prefix(1);
    sizes.push_back(take_number(rest));
  }
  if (sizes.size() == 1) sizes.assign(3, sizes.front());
  if (!rest.empty() || sizes.size() != 3 || *std::min_element(sizes.begin(), sizes.end()) < 1) {
    throw UsageError(fmt::format("--ladder: expected M or MxKxN, each from 1 to {}, found '{}'",
                                 kLargest, text));
  }
  return {sizes[0], sizes[1], sizes[2]};
}

std::vector<MatrixSizes> tinyvit_products(fast::Size batch) {
  const fast::Size tokens = 49 * batch;
  return {
      {tokens, 64, 192}, {tokens, 64, 64}, {tokens, 64, 128}, {tokens, 128, 64}, {192, tokens, 64}};
}

const std::vector<Rung>& ladder() {
  static const std::vector<Rung> rungs{
      {"naive", "loops m, n, k", rung::naive},
      {"reordered", "loops m, k, n", rung::reordered},
      {"blocked", "8 x 8 numbers of a", rung::blocked},
      {"tiled", "a part of c in registers", rung::tiled},
      {"packed", "b copied before", rung::packed},
      {"threaded", "rows of c shared", rung::threaded, true},
  };
  return rungs;
}

std::vector<RaceLine> race_lines(const std::vector<Racer>& racers,
                                 const std::vector<std::vector<double>>& speeds) {
  const auto peak_of = [&](int threads) -> const std::vector<double>& {
    const auto peak = std::find_if(racers.begin(), racers.end(), [&](const Racer& racer) {
      return racer.kind == Racer::Kind::peak && racer.threads == threads;
    });
    return speeds[static_cast<std::size_t>(peak - racers.begin())];
  };
  std::vector<RaceLine> lines;
  for (std::size_t i = 0; i < racers.size(); ++i) {
    RaceLine line{racers[i], 0, 0, 0};
    if (!speeds[i].empty()) {
      line.gflops = median(speeds[i]);
      line.share = ratio(speeds[i], peak_of(racers[i].threads));
      const bool above = i > 0 && racers[i].kind == Racer::Kind::rung;
      if (above) line.gain = ratio(speeds[i], speeds[i - 1]);
    }
    lines.push_back(line);
  }
  return lines;
}

}  // namespace nt

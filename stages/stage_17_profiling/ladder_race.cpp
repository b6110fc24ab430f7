// Who runs, and how each is timed.

#include <chrono>
#include <memory>
#include <optional>
#include <set>

#include "core/random.hpp"
#include "eigen/eigen_ops.hpp"
#include "ladder.hpp"
#include "openblas.hpp"
#include "parallel.hpp"
#include "peak.hpp"

namespace nt {
namespace {

double seconds_of(const std::function<void()>& run, int times) {
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < times; ++i) run();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// A racer with what it runs.
struct Lane {
  Lane(const Racer& who, double each_flop, std::function<void()> what)
      : racer(who), flop(each_flop), run(std::move(what)) {}

  bool installed() const { return static_cast<bool>(run); }

  /// Finds how many runs take so long, and so warms the caches.
  void warm_up(double seconds) {
    prepare();
    while (seconds_of(run, times) < seconds) times *= 2;
  }

  double gflops() const {
    prepare();
    return times * flop / seconds_of(run, times) * 1e-9;
  }

  Racer racer;
  double flop;                            ///< of one run
  std::function<void()> run;              ///< empty: not installed
  std::function<void()> prepare = [] {};  ///< before each round, and not timed
  int times = 1;
};

/// Operands that all share, so that all find the caches alike.
struct Operands {
  explicit Operands(const MatrixSizes& of) : sizes(of), c(filled({of.M, of.N})) {
    Random random(1);
    a = normal({of.M, of.K}, random);
    b = normal({of.K, of.N}, random);
  }

  template <class Multiply>
  void multiply(const Multiply& by) {
    by(sizes.M, sizes.N, sizes.K, a.values.data(), b.values.data(), c.values.data());
  }

  MatrixSizes sizes;
  HostArray a, b, c;
};

using Lanes = std::vector<Lane>;

void add_rungs(const std::shared_ptr<Operands>& operands, Lanes& lanes) {
  for (const Rung& rung : ladder()) {
    const int threads = rung.on_all_threads ? fast::threads() : 1;
    lanes.emplace_back(Racer{rung.name, Racer::Kind::rung, threads}, operands->sizes.flop(),
                       [operands, by = rung.multiply] { operands->multiply(by); });
  }
}

/// Eigen computes with what the project's flags allow it: four floats to an instruction.
void add_eigen(const Operands& operands, Lanes& lanes) {
  lanes.emplace_back(
      Racer{"Eigen", Racer::Kind::library, 1}, operands.sizes.flop(),
      [a = eigen::array(operands.a), b = eigen::array(operands.b)] { eigen::matmul(a, b); });
}

void add_openblas(const std::shared_ptr<Operands>& operands, Lanes& lanes) {
  const std::optional<OpenBlas> blas = OpenBlas::find();
  if (!blas) {
    lanes.emplace_back(Racer{"OpenBLAS", Racer::Kind::library, 1}, 0, nullptr);
    return;
  }
  for (const int threads : std::set{1, fast::threads()}) {
    lanes.emplace_back(
        Racer{blas->name(), Racer::Kind::library, threads}, operands->sizes.flop(),
        [operands, blas] { operands->multiply([&](auto... x) { blas->multiply(x...); }); });
    lanes.back().prepare = [blas, threads] { blas->set_threads(threads); };
  }
}

void add_peaks(Lanes& lanes) {
  for (const int threads : std::set{1, fast::threads()}) {
    lanes.emplace_back(Racer{"peak", Racer::Kind::peak, threads}, peak_flop(threads),
                       [threads] { run_peak(threads); });
  }
}

}  // namespace

Race climb(const MatrixSizes& sizes, const RaceRules& rules) {
  const auto operands = std::make_shared<Operands>(sizes);
  Lanes lanes;
  add_rungs(operands, lanes);
  add_eigen(*operands, lanes);
  add_openblas(operands, lanes);
  add_peaks(lanes);

  std::vector<Racer> racers;
  for (Lane& lane : lanes) {
    racers.push_back(lane.racer);
    if (lane.installed()) lane.warm_up(rules.seconds);
  }
  std::vector<std::vector<double>> speeds(lanes.size());
  for (int round = 0; round < rules.rounds; ++round) {
    rules.each_round();
    for (std::size_t i = 0; i < lanes.size(); ++i) {
      if (lanes[i].installed()) speeds[i].push_back(lanes[i].gflops());
    }
  }
  return {sizes, std::string(fast::kernels().processor), race_lines(racers, speeds)};
}

}  // namespace nt

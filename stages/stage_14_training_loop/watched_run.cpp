#include "watched_run.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>

#include "metrics_file.hpp"
#include "terminal/progress.hpp"
#include "terminal/table.hpp"

namespace nt {
namespace {

/// Images a second over the steps of an epoch, without the evaluation behind them.
class Rate {
 public:
  void step(std::int64_t images) {
    images_ += images;
    last_ = Clock::now();
  }

  /// That of the epoch that has ended; the next one begins now.
  double next_epoch() {
    const std::chrono::duration<double> taken = last_ - start_;
    const double rate = images_ > 0 ? static_cast<double>(images_) / taken.count() : 0;
    images_ = 0;
    start_ = Clock::now();
    return rate;
  }

 private:
  using Clock = std::chrono::steady_clock;

  Clock::time_point start_ = Clock::now();
  Clock::time_point last_ = start_;
  std::int64_t images_ = 0;
};

}  // namespace

WatchedRun train_watched(Trainer& trainer, const ImageSet& test, const std::string& metrics,
                         const std::function<void(const StepResult&)>& on_step) {
  std::optional<MetricsFile> file;
  if (!metrics.empty()) file.emplace(metrics);
  WatchedRun run;
  Rate rate;
  Progress progress("training", trainer.steps(), trainer.done());
  const auto step = [&](const StepResult& result) {
    run.losses.push_back(result.loss);
    rate.step(result.images);
    progress.step(fmt::format("epoch {}  loss {:.4f}", result.epoch + 1, result.loss));
    if (file) file->add(result);
    if (on_step) on_step(result);
  };
  const auto epoch = [&](const EpochResult& result) {
    run.rates.push_back(rate.next_epoch());
    if (file) file->add(result);
  };
  run.epochs = train(trainer, test, {step, epoch});
  return run;
}

std::string table_of(const WatchedRun& run) {
  Table table({"epoch", "training loss", "test loss", "accuracy", "images/s"});
  for (std::size_t i = 0; i < run.epochs.size(); ++i) {
    const auto& [epoch, loss, test] = run.epochs[i];
    table.add({std::to_string(epoch + 1), fmt::format("{:.4f}", loss),
               fmt::format("{:.4f}", test.loss), fmt::format("{:.1f} %", 100 * test.accuracy()),
               fmt::format("{:.0f}", run.rates[i])});
  }
  return table.text();
}

}  // namespace nt

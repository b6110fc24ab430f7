#include "medium_report.hpp"

#include <fmt/format.h>

#include "heat_map.hpp"
#include "line_chart.hpp"
#include "terminal/curve.hpp"

namespace nt {
namespace {

constexpr std::size_t kSmooth = 25;  // steps whose mean loss is a point of the smooth curve
constexpr std::size_t kWorst = 8;    // kinds of mistakes that are listed

std::string percent(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? fmt::format("{:.1f} %",
                                 100.0 * static_cast<double>(part) / static_cast<double>(whole))
                   : "-";
}

std::string summary(const MediumRun& run) {
  const Evaluation& first = run.seen.epochs.front().test;
  const Evaluation& last = run.seen.epochs.back().test;
  return fmt::format("{} of {} test images are read rightly, {}; after the first epoch it was {}.",
                     last.right, last.images, percent(last.right, last.images),
                     percent(first.right, first.images));
}

DataTable recipe_table(const MediumRun& run) {
  const TrainingOptions& recipe = run.recipe;
  return {{"recipe", ""},
          {{"data", run.data},
           {"training images", std::to_string(recipe.train)},
           {"test images", std::to_string(recipe.test)},
           {"depth", std::to_string(recipe.depth)},
           {"heads", std::to_string(recipe.heads)},
           {"dim", std::to_string(recipe.dim)},
           {"optimizer", recipe.optimizer},
           {"rate", fmt::format("{}, {}", recipe.rate(), recipe.schedule)},
           {"batch", std::to_string(recipe.batch)},
           {"epochs", std::to_string(recipe.epochs)},
           {"seed", std::to_string(run.seed)},
           {"backend", std::string(name(run.backend))}}};
}

/// The mean of each kSmooth losses, at the middle of their steps.
std::vector<ChartPoint> smoothed(const std::vector<float>& losses) {
  std::vector<ChartPoint> points;
  for (std::size_t start = 0; start < losses.size(); start += kSmooth) {
    const std::size_t stop = std::min(start + kSmooth, losses.size());
    double sum = 0;
    for (std::size_t i = start; i < stop; ++i) sum += losses[i];
    points.push_back(
        {static_cast<double>(start + stop + 1) / 2, sum / static_cast<double>(stop - start)});
  }
  return points;
}

Figure loss_figure(const MediumRun& run) {
  const std::vector<float>& losses = run.seen.losses;
  ChartSeries steps{"each step", {}, Mark::faint_line};
  for (std::size_t i = 0; i < losses.size(); ++i) {
    steps.points.push_back({static_cast<double>(i + 1), losses[i]});
  }
  const double steps_of_epoch =
      static_cast<double>(losses.size()) / static_cast<double>(run.seen.epochs.size());
  ChartSeries test{"test images", {}, Mark::dots};
  std::vector<float> test_losses;
  for (const EpochResult& epoch : run.seen.epochs) {
    test.points.push_back({static_cast<double>(epoch.epoch + 1) * steps_of_epoch, epoch.test.loss});
    test_losses.push_back(static_cast<float>(epoch.test.loss));
  }
  const std::string mean = fmt::format("mean of {} steps", kSmooth);
  return {"The loss of every step, and of the test images after every epoch.",
          line_chart({.title = "The loss falls from step to step",
                      .x_axis = "step",
                      .y_axis = "loss",
                      .low = 0,  // the axis begins at 0
                      .high = 0.1,
                      .series = {std::move(steps), {mean, smoothed(losses)}, std::move(test)}}),
          draw({"training", losses}, {"test images, after each epoch", test_losses})};
}

Figure accuracy_figure(const MediumRun& run) {
  ChartSeries right{"test images", {}, Mark::dots};
  for (const EpochResult& epoch : run.seen.epochs) {
    right.points.push_back({static_cast<double>(epoch.epoch + 1), 100 * epoch.test.accuracy()});
  }
  return {"The share of test images that are read rightly after every epoch.",
          line_chart({.title = "The accuracy after every epoch",
                      .x_axis = "epoch",
                      .y_axis = "right, %",
                      .low = 0,
                      .high = 100,
                      .series = {std::move(right)}}),
          ""};
}

DataTable epoch_table(const MediumRun& run) {
  DataTable table{{"epoch", "training loss", "test loss", "right", "accuracy"}, {}};
  for (const auto& [epoch, loss, test] : run.seen.epochs) {
    table.rows.push_back({std::to_string(epoch + 1), fmt::format("{:.4f}", loss),
                          fmt::format("{:.4f}", test.loss), std::to_string(test.right),
                          percent(test.right, test.images)});
  }
  return table;
}

/// The matrix in characters: a row for what is shown, a column for what was read.
std::string matrix_text(const ConfusionMatrix& matrix) {
  DataTable table{{"shown"}, {}};
  for (std::int64_t label = 0; label < matrix.classes; ++label) {
    table.heads.push_back(fmt::format("as {}", label));
    table.rows.push_back({std::to_string(label)});
    for (std::int64_t read = 0; read < matrix.classes; ++read) {
      const std::int64_t images = matrix.at(label, read);
      table.rows.back().push_back(images > 0 ? std::to_string(images) : ".");
    }
  }
  return text_of(table);
}

DataTable class_table(const ConfusionMatrix& matrix) {
  DataTable table{{"class", "images", "found", "answers", "of them right"}, {}};
  for (std::int64_t c = 0; c < matrix.classes; ++c) {
    const std::int64_t right = matrix.at(c, c);
    table.rows.push_back({std::to_string(c), std::to_string(matrix.images_of(c)),
                          percent(right, matrix.images_of(c)), std::to_string(matrix.read_as(c)),
                          percent(right, matrix.read_as(c))});
  }
  return table;
}

DataTable mistake_table(const ConfusionMatrix& matrix) {
  DataTable table{{"mistake", "images", "of its class"}, {}};
  for (const auto& [label, read, images] : most_confused(matrix, kWorst)) {
    table.rows.push_back({fmt::format("a {} read as {}", label, read), std::to_string(images),
                          percent(images, matrix.images_of(label))});
  }
  return table;
}

/// How far each backend's losses are from the first one's.
DataTable agreement_table(const std::vector<BackendSteps>& backends) {
  DataTable table{{"backend", "steps", "first loss", "last loss", "differs by"}, {}};
  for (const BackendSteps& taken : backends) {
    table.rows.push_back(
        {std::string(name(taken.backend)), std::to_string(taken.losses.size()),
         fmt::format("{:.4f}", taken.losses.front()), fmt::format("{:.4f}", taken.losses.back()),
         fmt::format("{:.1e}", farthest_losses(taken.losses, backends.front().losses))});
  }
  return table;
}

}  // namespace

std::vector<Block> facts_of(const MediumRun& run) {
  return {Paragraph{summary(run)},
          recipe_table(run),
          Heading{"How it learned"},
          loss_figure(run),
          accuracy_figure(run),
          epoch_table(run),
          Heading{"What it takes for what"},
          Figure{"Rows: what an image shows. Columns: what was read. Blue: right, as a share of "
                 "the class; orange: wrong, as a share of the most frequent mistake.",
                 heat_map(heat_map_of(run.confusion)), matrix_text(run.confusion)},
          class_table(run.confusion),
          mistake_table(run.confusion),
          Heading{"The same steps on every backend"},
          agreement_table(run.backends)};
}

std::vector<Block> times_of(const MediumRun& run) {
  DataTable epochs{{"epoch", "seconds", "images/s"}, {}};
  for (std::size_t i = 0; i < run.seen.rates.size(); ++i) {
    const double rate = run.seen.rates[i];
    epochs.rows.push_back({std::to_string(run.seen.epochs[i].epoch + 1),
                           fmt::format("{:.1f}", static_cast<double>(run.recipe.train) / rate),
                           fmt::format("{:.0f}", rate)});
  }
  DataTable backends{{"backend", "seconds", "images/s", "speedup"}, {}};
  for (const BackendSteps& taken : run.backends) {
    backends.rows.push_back({std::string(name(taken.backend)), fmt::format("{:.2f}", taken.seconds),
                             fmt::format("{:.0f}", taken.rate()),
                             fmt::format("{:.1f}", taken.rate() / run.backends.front().rate())});
  }
  return {Heading{"What this machine took"},
          Paragraph{fmt::format("Another at every run. An epoch is {} images and their steps, the "
                                "test images left out.",
                                run.recipe.train)},
          epochs, Paragraph{"Each backend took the same steps, of which the first is not timed."},
          backends};
}

Document report_of(const MediumRun& run) {
  Document report{fmt::format("A run of {} images", run.recipe.train), facts_of(run)};
  for (Block& block : times_of(run)) report.blocks.push_back(std::move(block));
  return report;
}

}  // namespace nt

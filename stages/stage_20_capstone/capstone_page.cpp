#include "capstone_page.hpp"

#include <fmt/format.h>

#include <numeric>
#include <regex>

#include "backend_steps.hpp"
#include "capstone_style.hpp"
#include "heat_map.hpp"
#include "line_chart.hpp"
#include "markup.hpp"
#include "page_galleries.hpp"
#include "page_tables.hpp"

namespace nt {
namespace {

/// A section with its heading, the stages that built what it shows, and a sentence or two.
std::string section(const std::string& id, const std::string& heading, const std::string& built,
                    const std::string& sentence, const std::string& content) {
  return fmt::format(
      "<section id=\"{0}\" aria-labelledby=\"{0}-heading\">\n"
      "<h2 id=\"{0}-heading\">{1} <small>{2}</small></h2>\n<p>{3}</p>\n{4}</section>\n",
      id, heading, built, sentence, content);
}

std::vector<ChartPoint> points_of(const std::vector<float>& losses) {
  std::vector<ChartPoint> points;
  points.reserve(losses.size());
  for (const float loss : losses) {
    points.push_back({static_cast<double>(points.size() + 1), loss});
  }
  return points;
}

double farthest(const Curves& curves) {
  return farthest_losses(curves.losses, curves.pytorch_losses);
}

std::string curve_section(const Curves& curves) {
  const LineChart chart{
      .title = "The loss of every step, PyTorch's and ours: one line over the other",
      .x_axis = "step",
      .y_axis = "loss",
      .series = {{"PyTorch", points_of(curves.pytorch_losses), Mark::line},
                 {"this framework", points_of(curves.losses), Mark::line}}};
  std::string accuracy;
  for (std::size_t epoch = 0; epoch < curves.epochs.size(); ++epoch) {
    accuracy += fmt::format("{} {:.1f} % after epoch {} (PyTorch {:.1f} %)", epoch == 0 ? "" : ",",
                            100 * curves.epochs[epoch].test.accuracy(), epoch + 1,
                            100 * curves.pytorch_accuracy.at(epoch));
  }
  return section(
      "curve", "Training, over PyTorch’s", "stages 11 to 14",
      fmt::format("The same weights and the same batches, {} steps in PyTorch {} and in this "
                  "framework: the loss of no step differs by more than {}.",
                  curves.losses.size(), html_text(curves.pytorch), small_number(farthest(curves))),
      fmt::format("<figure>\n{}<figcaption>The wide line is PyTorch’s, the narrow one on it is "
                  "ours. Test digits read rightly:{}.</figcaption>\n</figure>\n",
                  line_chart(chart), accuracy));
}

std::string digits_section(const Capstone& capstone) {
  return section("digits", "What it reads", "stages 10, 13 and 15",
                 fmt::format("The first test digits, none of which it was trained on: below each "
                             "what was read, and how sure the model is. Its weights: {}.",
                             html_text(capstone.origin)),
                 digits_gallery(capstone));
}

std::string mistakes_section(const Capstone& capstone) {
  return section(
      "mistakes", "The mistakes, and where it looked", "stages 7 and 8",
      fmt::format("All {} digits that were read wrongly, the surest answer first; beside each its "
                  "{} attention heads, deeper orange where the other patches listen more.",
                  capstone.mistakes.size(), capstone.sizes.heads),
      mistakes_gallery(capstone));
}

std::string matrix_section(const Capstone& capstone) {
  const std::vector<Confused> worst = most_confused(capstone.reading.confusion, 1);
  const std::string most = worst.empty()
                               ? ""
                               : fmt::format(" Its favourite mistake is a {} read as {}, {} times.",
                                             worst[0].label, worst[0].read, worst[0].images);
  return section(
      "matrix", "Who is taken for whom", "stage 18",
      "A row for what a digit is, a column for what it was read as: right answers in "
      "blue, mistakes in orange." +
          most,
      fmt::format("<figure>\n{}</figure>\n", heat_map(heat_map_of(capstone.reading.confusion))));
}

std::string ladder_section(const Race& race) {
  return section(
      "ladder", "From naive to the machine’s limit", "stage 17",
      fmt::format("One product of matrices, {}, by every rung of the ladder, beside what libraries "
                  "make of it and the peak of this processor, measured with {} kernels.",
                  html_text(race.sizes.text()), html_text(race.processor)),
      ladder_table_html(race));
}

std::string parity_section(const Capstone& capstone) {
  return section("parity", "The same numbers as PyTorch", "stage 10",
                 fmt::format("Ten digits forward and back through the model with PyTorch’s "
                             "weights: no layer differs by more than {}, no gradient by more "
                             "than {}.",
                             small_number(Parity::largest(capstone.initial.activations)),
                             small_number(std::max(Parity::largest(capstone.initial.gradients),
                                                   Parity::largest(capstone.trained.gradients)))),
                 parity_tables(capstone));
}

/// How many stages have proved all, and how many proofs hold.
struct Sums {
  std::int64_t stages = 0;
  std::int64_t proofs = 0;
};

Sums sums_of(const Capstone& capstone) {
  Sums sums;
  for (const RoadmapRow& row : capstone.roadmap) {
    const Proved proved = capstone.proof_of(row.stage);
    sums.stages += proved.all() ? 1 : 0;
    sums.proofs += proved.hold;
  }
  return sums;
}

std::string roadmap_section(const Capstone& capstone) {
  return section(
      "roadmap", "The road", "all stages",
      fmt::format(
          "Ticks: {} of {}. Each stands on the report of a program that has run, and all of "
          "whose proofs held; what has not run stays open.",
          sums_of(capstone).stages, capstone.roadmap.size()),
      roadmap_list(capstone));
}

/// 38346 as 38 346, with a narrow space that breaks no line.
std::string spaced(std::int64_t number) {
  std::string text = std::to_string(number);
  for (std::int64_t at = std::ssize(text) - 3; at > 0; at -= 3) {
    text.insert(static_cast<std::size_t>(at), "\u202f");
  }
  return text;
}

std::string tile(const std::string& figure, const std::string& words) {
  return fmt::format("<li><strong>{}</strong>{}</li>\n", figure, words);
}

std::string head(const Capstone& capstone) {
  const TestReading& reading = capstone.reading;
  const Sums sums = sums_of(capstone);
  return "<header>\n<h1>A vision transformer, from nothing</h1>\n"
         "<p class=\"lead\">Every answer on this page comes from a deep-learning framework that "
         "was "
         "built from a flat buffer of floats, in twenty stages of C++, and held against PyTorch at "
         "each of them.</p>\n<ul class=\"tiles\">\n" +
         tile(fmt::format("{:.1f} %", 100 * reading.accuracy()),
              fmt::format("of {} test digits read rightly", reading.images())) +
         tile(spaced(capstone.weights), "numbers in the model, all of them learned") +
         tile(small_number(farthest(capstone.curves)),
              "from PyTorch’s loss, at most, in any step") +
         tile(fmt::format("{}", sums.proofs),
              sums.stages == 1 ? "proofs hold, in one stage"
                               : fmt::format("proofs hold, in {} stages", sums.stages)) +
         "</ul>\n<nav aria-label=\"Sections\">\n"
         "<a href=\"#curve\">training</a> <a href=\"#digits\">digits</a> "
         "<a href=\"#mistakes\">mistakes</a> <a href=\"#matrix\">confusion</a> "
         "<a href=\"#ladder\">ladder</a> <a href=\"#parity\">parity</a> "
         "<a href=\"#roadmap\">roadmap</a>\n</nav>\n</header>\n";
}

}  // namespace

std::string capstone_page(const Capstone& capstone) {
  return html_page("A vision transformer, from nothing",
                   head(capstone) + "<main>\n" + curve_section(capstone.curves) +
                       digits_section(capstone) + mistakes_section(capstone) +
                       matrix_section(capstone) + ladder_section(capstone.race) +
                       parity_section(capstone) + roadmap_section(capstone) +
                       "</main>\n<footer>one-more-nano-torch, stage 20. This page is one file: "
                       "keep it, send it, open it anywhere.</footer>\n",
                   kCapstoneStyle);
}

std::vector<NamedMistake> mistakes_on(const std::string& page) {
  const std::regex form("data-image=\"(\\d+)\" data-label=\"(\\d+)\" data-read=\"(\\d+)\"");
  std::vector<NamedMistake> mistakes;
  for (std::sregex_iterator found(page.begin(), page.end(), form), end; found != end; ++found) {
    mistakes.push_back({std::stoll((*found)[1]), std::stoll((*found)[2]), std::stoll((*found)[3])});
  }
  return mistakes;
}

std::vector<int> ticks_on(const std::string& page) {
  const std::regex form("<li class=\"ticked\" data-stage=\"(\\d+)\">");
  std::vector<int> stages;
  for (std::sregex_iterator found(page.begin(), page.end(), form), end; found != end; ++found) {
    stages.push_back(std::stoi((*found)[1]));
  }
  return stages;
}

}  // namespace nt

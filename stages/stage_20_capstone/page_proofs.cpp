#include "page_proofs.hpp"

#include <algorithm>
#include <cmath>

#include "backend_steps.hpp"
#include "capstone_page.hpp"
#include "classify.hpp"
#include "dataset.hpp"

namespace nt {
namespace {

/// The limits of stage 10, of whose model and arrays these are.
constexpr double kForward = 1e-5;
constexpr double kBackward = 1e-6;

/// That of stage 12's losses, whose steps these are.
constexpr double kLosses = 1e-5;

/// One image in a thousand may be so close that another backend decides otherwise; measured: none.
constexpr double kAccuracy = 0.0015;

/// A page that a phone loads at once. Measured: 0.35 where the model reads 92 % of a thousand
/// digits; 300 pictures of mistakes make it 1.1.
constexpr double kMegabytes = 2;

/// The mistakes that stage 10 counts, on images that the reference has read.
std::int64_t mistakes_of_stage_10(const TrainedModel& trained, const Capstone& capstone) {
  const LabelledImages images = load_data(capstone.data).test;
  const auto count = static_cast<std::int32_t>(capstone.reading.images());
  return std::ssize(mistakes(classify(trained.model, images, count), images.labels));
}

void prove_accuracy(const Capstone& capstone, const TrainedModel& trained, Proofs& proofs) {
  proofs.at_most("mistakes, and stage 10's on the trusted images", "differ",
                 static_cast<double>(std::abs(std::ssize(capstone.mistakes) -
                                              mistakes_of_stage_10(trained, capstone))),
                 0);
  if (!trained.said) return;
  proofs.at_most("accuracy, and what the weights' file says", "|d|",
                 std::abs(capstone.reading.accuracy() - trained.said->accuracy()), kAccuracy);
}

}  // namespace

void prove_numbers(const Capstone& capstone, const TrainedModel& trained, Proofs& proofs) {
  proofs.at_most("all 12 layers, initial weights, against PyTorch", "max |d|",
                 Parity::largest(capstone.initial.activations), kForward);
  proofs.at_most("all 17 gradients, initial weights", "max |d|",
                 Parity::largest(capstone.initial.gradients), kBackward);
  proofs.at_most("all 17 gradients, trained weights", "max |d|",
                 Parity::largest(capstone.trained.gradients), kBackward);
  const Curves& curves = capstone.curves;
  proofs.at_most("loss of every step, against PyTorch", "max |d|",
                 farthest_losses(curves.losses, curves.pytorch_losses), kLosses);
  proofs.at_most("accuracy of the replay, and PyTorch's", "|d|",
                 std::abs(curves.epochs.back().test.accuracy() - curves.pytorch_accuracy.back()),
                 kAccuracy);
  prove_accuracy(capstone, trained, proofs);
}

void prove_page(const std::string& page, const Capstone& capstone, Proofs& proofs) {
  proofs.at_most("mistakes that the page names, and the matrix", "differ",
                 static_cast<double>(misnamed(page, capstone)), 0);
  proofs.at_most("ticks without a report of proofs that hold", "count",
                 static_cast<double>(unfounded_ticks(page, capstone)), 0);
  proofs.at_most("the page", "MB", static_cast<double>(page.size()) / 1e6, kMegabytes);
}

std::int64_t misnamed(const std::string& page, const Capstone& capstone) {
  const TestReading& reading = capstone.reading;
  ConfusionMatrix rest = reading.confusion;  // what the page does not name
  std::int64_t wrong = 0;
  for (const auto& [position, label, read] : mistakes_on(page)) {
    const auto at = static_cast<std::size_t>(position);
    const bool so = capstone.test.labels.at(at) == label && reading.read.at(at) == read;
    wrong += so && label != read ? 0 : 1;
    --rest.counts.at(static_cast<std::size_t>(label * rest.classes + read));
  }
  for (std::int64_t label = 0; label < rest.classes; ++label) {
    for (std::int64_t read = 0; read < rest.classes; ++read) {
      if (label != read) wrong += std::abs(rest.at(label, read));
    }
  }
  return wrong;
}

std::int64_t unfounded_ticks(const std::string& page, const Capstone& capstone) {
  const std::vector<int> ticks = ticks_on(page);
  return std::count_if(ticks.begin(), ticks.end(),
                       [&](int stage) { return !capstone.proof_of(stage).all(); });
}

}  // namespace nt

#pragma once
// For checks: a small Capstone, all of it made by hand.

#include "capstone.hpp"

namespace nt {

/// Five images, of which the second and the fifth are read wrongly; a race of three; three stages,
/// of which the first has proved all, the second not, and the third nothing.
inline Capstone gathered() {
  Capstone capstone;
  capstone.data = "digits";
  capstone.origin = "a <file>";
  capstone.weights = 1234567;
  capstone.test = {{5, 28, 28}, std::vector<std::uint8_t>(5 * 28 * 28), {0, 4, 2, 3, 7}};
  capstone.reading.read = {0, 9, 2, 3, 1};
  capstone.reading.certainty = {0.9F, 0.5F, 0.8F, 0.7F, 0.6F};
  capstone.reading.confusion = confusion_of(capstone.reading.read, capstone.test.labels, 10);
  capstone.mistakes = surest_mistakes(capstone.reading, capstone.test.labels);
  capstone.heard = filled({2, 4, 49}, 1.0F / 49);
  const EpochResult epoch{.epoch = 0, .loss = 2, .test = {.loss = 1, .right = 3, .images = 5}};
  capstone.curves = {{2.5F, 1.5F}, {2.5F, 1.25F}, {epoch}, {0.4}, "1.13"};
  capstone.initial = {{{"logits", 1.5e-7}}, {{"classifier.bias", 2.5e-8}}};
  capstone.trained = {{}, {{"classifier.bias", 3.5e-8}}};
  capstone.race.sizes = {8, 8, 8};
  capstone.race.processor = "plain";
  capstone.race.lines = {{{"naive", Racer::Kind::rung, 1}, 2, 0.25, 0},
                         {{"OpenBLAS", Racer::Kind::library, 1}, 0, 0, 0},
                         {{"peak", Racer::Kind::peak, 2}, 8, 1, 0}};
  capstone.roadmap = {{1, "stage_01_tensor", "`Tensor` & a < b", "it trains"},
                      {2, "stage_02_backend", "the op table", "bit for bit"},
                      {3, "stage_03_storage", "strides", "a digit turned"}};
  capstone.proved = {{1, {3, 3}}, {2, {3, 2}}};
  return capstone;
}

}  // namespace nt

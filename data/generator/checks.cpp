#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>
#include <vector>

#include "check/catch.hpp"
#include "generator/digits.hpp"

namespace {

using nt::Digits;
using nt::DigitSet;

/// The committed sets, drawn anew.
const Digits kTrain = nt::make_digits(1, DigitSet::train, 2000);
const Digits kTest = nt::make_digits(1, DigitSet::test, 1000);

/// For each class and each grey value, how many pictures are darker than that at one pixel.
std::array<std::array<int, 257>, 10> darker(const Digits& digits, std::size_t pixel) {
  std::array<std::array<int, 257>, 10> counts{};
  for (std::size_t i = 0; i < digits.labels.size(); ++i) {
    ++counts[digits.labels[i]][digits.pictures[i][pixel] + 1U];
  }
  for (auto& row : counts) {
    for (std::size_t grey = 1; grey < row.size(); ++grey) row[grey] += row[grey - 1];
  }
  return counts;
}

/// The largest difference between two classes in how many of their pictures are darker than some
/// grey value at one pixel.
int largest_difference(const std::array<std::array<int, 257>, 10>& counts) {
  int largest = 0;
  for (std::size_t grey = 0; grey < counts[0].size(); ++grey) {
    int least = counts[0][grey];
    int most = least;
    for (const auto& row : counts) {
      least = std::min(least, row[grey]);
      most = std::max(most, row[grey]);
    }
    largest = std::max(largest, most - least);
  }
  return largest;
}

}  // namespace

TEST_CASE("every class comes equally often, in an order that does not repeat", "[data]") {
  for (const auto& [digits, share] : {std::pair{&kTrain, 200}, std::pair{&kTest, 100}}) {
    const auto& labels = digits->labels;
    for (std::uint8_t label = 0; label < 10; ++label) {
      CHECK(std::count(labels.begin(), labels.end(), label) == share);
    }
    CHECK_FALSE(std::equal(labels.begin(), labels.begin() + 10, labels.begin() + 10));
  }
}

TEST_CASE("drawing more digits keeps the first ones", "[data]") {
  const Digits few = nt::make_digits(1, DigitSet::train, 37);
  CHECK((std::equal(few.pictures.begin(), few.pictures.end(), kTrain.pictures.begin())));
  CHECK((std::equal(few.labels.begin(), few.labels.end(), kTrain.labels.begin())));
}

TEST_CASE("no picture comes twice: not in the two sets, not from another seed", "[data]") {
  std::vector<nt::Picture> all = kTrain.pictures;
  const Digits other = nt::make_digits(2, DigitSet::train, 1000);
  all.insert(all.end(), kTest.pictures.begin(), kTest.pictures.end());
  all.insert(all.end(), other.pictures.begin(), other.pictures.end());
  std::sort(all.begin(), all.end());
  CHECK((std::adjacent_find(all.begin(), all.end()) == all.end()));
}

TEST_CASE("no pixel and threshold tell two classes apart", "[data]") {
  constexpr int kShare = 200;  // pictures of each class
  int largest = 0;
  for (std::size_t pixel = 0; pixel < kTrain.pictures[0].size(); ++pixel) {
    largest = std::max(largest, largest_difference(darker(kTrain, pixel)));
  }
  // Right in (1 + difference / share) / 2 of the cases: measured 0.965 with the easiest pair (3 and
  // 6); 0.995 with 2 000 digits of MNIST (0 and 1).
  CHECK(largest < kShare * 96 / 100);
  CHECK(largest > 0);
}

TEST_CASE("every digit is bright and lies within the sheet", "[data]") {
  constexpr std::size_t kEdge = nt::kSide - 1;
  int dark = 0;
  int cut_off = 0;
  for (const nt::Picture& picture : kTrain.pictures) {
    dark += *std::max_element(picture.begin(), picture.end()) < 200;
    for (std::size_t i = 0; i < picture.size(); ++i) {
      const std::size_t row = i / nt::kSide;
      const std::size_t column = i % nt::kSide;
      const bool at_edge = row == 0 || row == kEdge || column == 0 || column == kEdge;
      cut_off += at_edge && picture[i] > 128;
    }
  }
  CHECK(dark == 0);
  CHECK(cut_off == 0);
}

#pragma once
// Sets of written digits, made from a seed. Image i of a set depends on (seed, set, i) alone, so a
// larger set begins with the smaller one, and the two sets of one seed have nothing in common.

#include <cstdint>
#include <vector>

#include "generator/pen.hpp"

namespace nt {

enum class DigitSet : std::uint64_t { train = 0, test = 1 };

struct Digits {
  std::vector<Picture> pictures;
  std::vector<std::uint8_t> labels;  ///< of each picture: 0 to 9
};

/// The first `count` digits of a set. Any ten that begin at a multiple of ten hold every class
/// once.
Digits make_digits(std::uint64_t seed, DigitSet set, int count);

}  // namespace nt

#include "generator/digits.hpp"

#include "core/random.hpp"
#include "generator/hand.hpp"

namespace nt {
namespace {

/// A generator of its own for each number, as if `parent` had been asked a question by that number.
Random child(Random parent, std::uint64_t number) {
  return Random(Random(parent.next() ^ number).next());
}

}  // namespace

Digits make_digits(std::uint64_t seed, DigitSet set, int count) {
  const Random root = child(Random(seed), static_cast<std::uint64_t>(set));
  const Random for_labels = child(root, 0);
  const Random for_pictures = child(root, 1);

  Digits digits;
  digits.pictures.reserve(static_cast<std::size_t>(count));
  digits.labels.reserve(static_cast<std::size_t>(count));
  std::vector<std::int64_t> ten;
  for (int i = 0; i < count; ++i) {
    const auto number = static_cast<std::uint64_t>(i);
    if (i % 10 == 0) ten = child(for_labels, number / 10).permutation(10);
    const int label = static_cast<int>(ten[number % 10]);
    Random random = child(for_pictures, number);
    digits.pictures.push_back(write_digit(label, random));
    digits.labels.push_back(static_cast<std::uint8_t>(label));
  }
  return digits;
}

}  // namespace nt

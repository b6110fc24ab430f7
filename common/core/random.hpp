#pragma once
// Random numbers that are the same on every platform and compiler: integers alone, then exact
// conversions. std::normal_distribution and its like are not: each library has its own.

#include <cstdint>
#include <vector>

#include "core/array.hpp"

namespace nt {

/// SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  /// The next 64 random bits.
  std::uint64_t next();

  /// An integer in [0, bound), every one equally likely; bound > 0.
  std::uint64_t below(std::uint64_t bound);

  /// A float in [0, 1): a multiple of 2^-24, so that it is exact.
  float uniform();

  /// A float from the normal distribution with mean 0 and standard deviation 1.
  /// Marsaglia's polar method: Marsaglia and Bray, SIAM Review 6 (1964).
  float normal();

  /// The numbers 0 .. count-1 in random order (Fisher and Yates).
  std::vector<std::int64_t> permutation(std::int64_t count);

  /// Everything there is to save: Random(state()) goes on where this one stands.
  std::uint64_t state() const { return state_; }

 private:
  std::uint64_t state_;
};

/// Random::normal in every place, drawn row by row.
HostArray normal(const Shape& shape, Random& random);

/// Numbers evenly distributed in [-bound, bound), drawn row by row.
HostArray uniform(const Shape& shape, float bound, Random& random);

}  // namespace nt

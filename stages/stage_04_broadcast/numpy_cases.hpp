#pragma once
// The op table against numpy: thousands of random shapes, whose results reference/fixtures_numpy.py
// has frozen. Operands are numbers that no sum or product rounds, so results must be equal.

#include <string>
#include <vector>

#include "frozen.hpp"

namespace nt {

struct NumpyResult {
  std::string name;  ///< "broadcast", "reduce", "matmul", "view"
  int cases;
  int wrong;          ///< cases whose shape or any value differs
  std::string first;  ///< the first wrong one, with its operands' shapes; empty where none is
};

/// Runs every case of the frozen file "numpy" on the chosen backend.
std::vector<NumpyResult> compare_with_numpy(const Frozen& numpy);

}  // namespace nt

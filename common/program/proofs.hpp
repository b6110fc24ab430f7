#pragma once
// A program ends with its proofs: a line each, what was measured beside what it may be at most, and
// a verdict. `--report FILE.json` keeps them for machines.

#include <string>
#include <vector>

#include "core/array.hpp"

namespace nt {

/// One thing that a program shows to be true: value <= limit.
struct Proof {
  std::string name;     ///< what is proved: "logits of X_ref against PyTorch"
  std::string measure;  ///< what `value` is: "max |d|", "wrong sums"
  double value;
  double limit;

  bool holds() const { return value <= limit; }  // false for NaN
};

class Proofs {
 public:
  /// `program` is the name in the verdict: "stage 03 storage".
  explicit Proofs(std::string program) : program_(std::move(program)) {}

  /// Records the proof and prints its line.
  void at_most(std::string name, std::string measure, double value, double limit);

  /// The largest difference of any element from the expected. Where it is over the limit, a report
  /// of what is wrong follows the line.
  void close(std::string name, const HostArray& actual, const HostArray& expected, double limit);

  bool hold() const;

  /// `stage 03 storage: 6 proofs, 6 hold`; says so when there is none, which is no success.
  std::string verdict() const;

  const std::vector<Proof>& all() const { return proofs_; }

 private:
  std::string program_;
  std::vector<Proof> proofs_;
};

}  // namespace nt

#pragma once
// Whether the table can fail. Each mistake here is one that people make in a kernel, a derivative
// or an error; it is put in its place on `naive` for a moment, and the table must complain.

#include <functional>
#include <string>
#include <vector>

#include "judge.hpp"
#include "rows.hpp"

namespace nt {

struct PlantedMistake {
  std::string area;                   ///< of the suite, that has to notice: "ops", "guards" ...
  std::string name;                   ///< "matmul leaves out the last product"
  std::function<Complaints()> judge;  ///< what is said of it where it is planted
};

/// All of them. Some write outside their memory: only for a program with a guarded heap.
std::vector<PlantedMistake> planted_mistakes();

using PadKernel = decltype(op::pad)::Kernel;

/// A kernel for `pad` that puts all zeros behind, where some belong in front. No line of autograd
/// is wrong with it, and yet gradients are: slice sends its own back through pad.
PadKernel pad_behind(Backend backend);

}  // namespace nt

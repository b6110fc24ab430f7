#pragma once
// A training run in a file, whole: what stops at a step goes on from it as if it had never stopped.
// The file is one of weights like any other, so whoever reads weights reads a checkpoint's too;
// what the optimizer remembers stands beside them under names of its own,
//
//   classifier.bias                          the weight
//   optimizer.classifier.bias.m, .v, .b      its buffers
//
// and the metadata hold the rest as text: the sizes, the optimizer's name, the step, the place in
// the epoch, the generator, the sums. Decimal digits lead back to the very same double.

#include <string>

#include "trainer.hpp"
#include "weight_file.hpp"

namespace nt {

/// The state as a file of weights. `recipe` is more text to keep, by names that begin with
/// `recipe.`; see require_recipe.
WeightFile checkpoint_of(const TrainingState& state, const Metadata& recipe);

/// The state that such a file holds: state_of(path, checkpoint_of(state, {})) is the state. Throws
/// FileError as sizes_of does, and
///   `x: no checkpoint: its metadata have no 'step'`
///   `x: step should be a number, found 'seven'`
TrainingState state_of(const std::string& path, const WeightFile& file);

/// Throws unless the file was written with this recipe, since another one would go on otherwise:
///   `x: was made with lr 0.001, and now it is 0.01`
///   `x: was made without lr, and now it is 0.01`
void require_recipe(const std::string& path, const WeightFile& file, const Metadata& recipe);

}  // namespace nt

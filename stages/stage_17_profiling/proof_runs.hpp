#pragma once
// The runs that the program holds against PyTorch's, and against each other.

#include "baseline.hpp"
#include "frozen_run.hpp"

namespace nt {

/// A trainer of a new model, by the default recipe but with that batch, which does not end soon.
Trainer endless_trainer(const ImageSet& train, std::int64_t batch, std::int64_t seed);

/// The loss of every step of the frozen run with that optimizer, "adamw" or "sgd", on the chosen
/// backend. `who` stands beside the bar that shows how far it is.
HostArray replayed_losses(const std::string& optimizer, const Baseline& baseline,
                          const ImageSet& train, const std::string& who);

/// The weights of a new model after so many steps of 64 images with so many threads of the fast
/// backend, whose number stays so.
NamedArrays weights_after(std::int64_t steps, int threads, const ImageSet& train);

}  // namespace nt

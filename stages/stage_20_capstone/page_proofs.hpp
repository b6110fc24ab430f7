#pragma once
// What the page says is proved as the numbers of every stage are: the figures against PyTorch and
// against stage 10, and the finished page against what was gathered, by reading it back.

#include <string>

#include "capstone.hpp"
#include "program/proofs.hpp"
#include "trained_weights.hpp"

namespace nt {

/// The numbers that the page will show.
void prove_numbers(const Capstone& capstone, const TrainedModel& trained, Proofs& proofs);

/// The page itself.
void prove_page(const std::string& page, const Capstone& capstone, Proofs& proofs);

/// How far the mistakes that a page names are from those of the reading: every one that the cells
/// beside the matrix's diagonal have and the page has not, or the other way round, is one, and so
/// is every named image that is not what the page says, or was not read so.
std::int64_t misnamed(const std::string& page, const Capstone& capstone);

/// How many stages are ticked on a page without proofs that all hold.
std::int64_t unfounded_ticks(const std::string& page, const Capstone& capstone);

}  // namespace nt

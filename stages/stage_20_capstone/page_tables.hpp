#pragma once
// The sections of the page that are made of figures: the ladder, the parity with PyTorch, the
// roadmap.

#include <string>

#include "capstone.hpp"

namespace nt {

/// A small number as HTML: 1.3e-06 becomes 1.3·10<sup>-6</sup>; 0 stays 0.
std::string small_number(double number);

/// The race up the ladder, a bar for everybody who took part.
std::string ladder_table_html(const Race& race);

/// Layers and gradients, each with its largest difference from PyTorch's.
std::string parity_tables(const Capstone& capstone);

/// A line for each stage of the roadmap, ticked by what it has proved.
std::string roadmap_list(const Capstone& capstone);

}  // namespace nt

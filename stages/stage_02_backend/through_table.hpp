#pragma once
// The model derived by hand, run through the op table: the same formulas, on the chosen backend.

#include "by_hand/operations.hpp"

namespace nt::by_hand {

/// Operations that call the rows of the op table.
const Operations& table_operations();

}  // namespace nt::by_hand

#pragma once
// The hand: it takes a shape from the glyph tables and writes it as nobody writes it twice, with a
// width, slant, turn, size, place, line and unsteadiness of its own, all drawn from `random`.

#include "core/random.hpp"
#include "generator/pen.hpp"

namespace nt {

/// One picture of `digit` (0 to 9). Advances `random`.
Picture write_digit(int digit, Random& random);

}  // namespace nt

#pragma once
// Grey pictures in the terminal: true greys where colours are welcome, a ramp of characters
// elsewhere.

#include <string>
#include <vector>

#include "core/array.hpp"

namespace nt {

/// A picture and the line below it.
struct Picture {
  HostArray pixels;  ///< (height, width), from `black` to `white`
  std::string caption;
};

/// The pictures side by side, `black` and below dark, `white` and above bright. A character shows
/// two rows of pixels. Throws ShapeError when pictures differ in shape or are not of rank 2.
std::string draw(const std::vector<Picture>& pictures, float black, float white);

}  // namespace nt

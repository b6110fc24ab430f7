#pragma once
// Where a patch of an image looks, drawn: the image in grey, and over it how much of its attention
// each head gives to each patch.

#include <string>
#include <vector>

#include "core/array.hpp"

namespace nt {

/// One patch of an image of S x S pixels, and what it listens to in each of H heads. There are
/// T = n^2 patches, n along each side, numbered row by row; n divides S.
struct Look {
  std::string name;    ///< of image and patch: "digit 3, stroke"
  HostArray image;     ///< (S, S), from -1 (black) to 1 (white)
  std::int64_t query;  ///< the number of the patch that asks
  HostArray weights;   ///< (H, T), a row for each head; the sum of each row is 1
};

/// How bright each square of size x size pixels is on the average, from 0 (black) to 1 (white).
///   image: (S, S) -> (S / size, S / size)
HostArray brightness(const HostArray& image, std::int64_t size);

/// For the terminal: the image, with the patch that asks inverted, beside it each head's weights,
/// white for its largest, which stands below.
std::string look_text(const Look& look);

/// The same as a picture, an SVG document: a row for each look, a column for each head.
std::string looks_svg(const std::vector<Look>& looks);

}  // namespace nt

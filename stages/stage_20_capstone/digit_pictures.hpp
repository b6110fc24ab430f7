#pragma once
// Test images as pictures for a page.

#include "image_set.hpp"
#include "png.hpp"

namespace nt {

/// An image in grey.   0 <= position < N
Pixels grey_pixels(const ImageSet& images, std::int64_t position);

/// The image in grey, and to the right of it once more for every head, under orange: a patch is the
/// deeper in it the more it is heard, the one that its head hears most wholly. Two columns of
/// nothing between them, so H heads make 28 + 30 H columns.
///   heard: patches_heard, (M, H, T), of which row `row` belongs to the image at `position`
Pixels heard_pixels(const ImageSet& images, std::int64_t position, const HostArray& heard,
                    std::int64_t row);

}  // namespace nt

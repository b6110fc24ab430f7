#pragma once
// The two sections of the page that are made of pictures.

#include <string>

#include "capstone.hpp"

namespace nt {

/// The first test images, each with what the model reads in it, and how sure it is.
std::string digits_gallery(const Capstone& capstone);

/// Every test image that is read wrongly, the first ones with a picture of where the heads look.
std::string mistakes_gallery(const Capstone& capstone);

}  // namespace nt

#pragma once
// A contact sheet: many digits in one picture, to be judged by eye.

#include <filesystem>

#include "generator/digits.hpp"

namespace nt {

/// Writes a grey PGM picture: a row for each class, in it the first twenty digits of that class.
/// Throws FileError.
void write_sheet(const std::filesystem::path& path, const Digits& digits);

}  // namespace nt

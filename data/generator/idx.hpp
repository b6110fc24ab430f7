#pragma once
// The files of MNIST: the IDX format (four bytes of magic, the sizes as big-endian 32-bit integers,
// then the bytes), compressed with gzip, under MNIST's own names, so that whatever reads MNIST
// reads our digits too.

#include <filesystem>
#include <string>
#include <string_view>

#include "generator/digits.hpp"

namespace nt {

/// The content of an images file: magic 0x00000803, count, rows, columns, pixels.
std::string idx_images(const Digits& digits);

/// The content of a labels file: magic 0x00000801, count, labels.
std::string idx_labels(const Digits& digits);

/// `raw` as a gzip file without name and time, so that it depends on `raw` and zlib alone.
std::string gzip(std::string_view raw);

/// Writes the four files of a data set into `folder`, creating it. They replace the set that was
/// there only when all four are whole on the disk; until then FileError leaves the old set as it
/// was.
void write_data_set(const std::filesystem::path& folder, const Digits& train, const Digits& test);

}  // namespace nt

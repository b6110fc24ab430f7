#pragma once
// Files are written whole or not at all: into a temporary neighbour, which then takes the name.

#include <filesystem>
#include <string>
#include <string_view>

namespace nt {

/// The whole content. Throws FileError when it cannot be read.
std::string read_file(const std::filesystem::path& path);

/// Replaces the file `path` by `content`, or leaves it as it was. Throws FileError with the
/// system's reason (no such directory, read-only, no space left).
void write_file(const std::filesystem::path& path, std::string_view content);

}  // namespace nt

#pragma once
// Where the project is, so that every program finds its files from any directory.

#include <filesystem>

namespace nt {

/// The folder that holds README.md, data/ and reference/.
std::filesystem::path project_root();

/// `path` as a reader would type it from the project's root, where it lies below that.
std::string shown(const std::filesystem::path& path);

}  // namespace nt

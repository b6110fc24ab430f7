#pragma once
// SHA-256 sums: what the project ships and what it downloads is known by them.

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace nt {

/// The sums that a file of lines `<64 hexadecimal digits>  <file name>` lists, by file name.
std::map<std::string, std::string> listed_sums(const std::filesystem::path& sums);

/// The one for `file`. Throws FileError when none is listed.
std::string listed_sum(const std::filesystem::path& sums, const std::string& file);

/// The path, once its content is known to have the sum that the SHA256SUMS beside it lists.
/// Throws FileError when it is missing or has another.
const std::filesystem::path& require_right_sum(const std::filesystem::path& path);

/// The SHA-256 sum of these bytes, 64 hexadecimal digits, by Python's hashlib.
std::string sha256(std::string_view bytes);

}  // namespace nt

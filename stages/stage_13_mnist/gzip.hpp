#pragma once
// Unpacks gzip (RFC 1952): one or several members one after another, each a stream of deflate with
// the CRC-32 and the length of what it holds behind it. zlib undoes one member; a file is more than
// that. What comes out may be a thousand times what goes in, so the caller says how much is wanted.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace nt {

using Bytes = std::vector<std::uint8_t>;

/// Whether these bytes begin as every gzip file does, with 1f 8b.
bool is_gzip(std::span<const std::uint8_t> file);

/// What came out of a gzip file.
struct Gunzipped {
  Bytes content;
  bool whole;  ///< the last member has ended, and the sums of all of them are right
};

/// The first `most` bytes that `file` holds, or fewer where it ends before. Zeros behind a member
/// are padding, as Python's gzip module has it; anything else must be a further member. `name` is
/// the file as an error names it. Throws FileError, the reason in zlib's words,
///   `x.gz: corrupt gzip: incorrect data check`.
Gunzipped gunzip(const std::string& name, std::span<const std::uint8_t> file, std::size_t most);

}  // namespace nt

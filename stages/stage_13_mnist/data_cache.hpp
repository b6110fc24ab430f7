#pragma once
// What gzipped IDX files hold is unpacked once and kept in data/cache/, which git ignores and which
// may be deleted at any time.
//
// The kept file is named by the SHA-256 sum of the packed one: another content has another name, so
// a source that has changed is unpacked anew, whatever its time stamp says. It holds the unpacked
// content and then the CRC-32 of that, 4 bytes, by which a kept file that was cut or changed is
// noticed; it is unpacked again and replaced.
//
// It is written under a temporary name and then renamed, and a rename happens at once: whoever
// looks sees the whole file or none. Of two processes that unpack at the same time, each writes a
// temporary file of its own, and the later rename replaces a file by its equal. One that is killed
// midway leaves its temporary file, `<sum>.XXXXXX`, which nobody reads.

#include <filesystem>
#include <string>

#include "idx_file.hpp"

namespace nt {

/// The project's own: data/cache.
std::filesystem::path cache_folder();

/// The content of an IDX file, unpacked, and how it was come by.
struct Unpacked {
  Bytes content;         ///< header and elements: what decode_idx takes
  bool from_cache;       ///< nothing had to be unpacked
  std::string not_kept;  ///< why the cache could not keep it, in one line; mostly empty
};

/// Reads the IDX file `source`; a gzipped one through `cache`, which is created where it is
/// missing. A cache that cannot be written stops nobody: the content is there all the same,
/// `not_kept` says `data/cache/<sum>: cannot be written: No space left on device`, and the next one
/// unpacks again. Throws FileError for the source as read_file and unpack_idx do.
Unpacked read_unpacked(const std::filesystem::path& source,
                       const std::filesystem::path& cache = cache_folder());

}  // namespace nt

#include "gzip.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <new>

#include "core/errors.hpp"

namespace nt {
namespace {

constexpr std::size_t kPiece = 1 << 16;  // bytes handed to zlib, and taken from it, at a time

/// zlib's state for one gzip member after another.
class Inflater {
 public:
  Inflater() {
    constexpr int kGzip = 15 + 16;  // the largest window; 16 asks for a gzip header and its sums
    if (inflateInit2(&stream_, kGzip) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  void begin_member() { inflateReset(&stream_); }

  /// Unpacks from `input` to the end of `output`, at most `most` bytes, and takes from the front of
  /// `input` what it has used. Returns zlib's status: Z_OK, Z_STREAM_END at the end of a member,
  /// Z_BUF_ERROR where `input` has no more to give, or an error.
  int unpack(std::span<const std::uint8_t>& input, Bytes& output, std::size_t most) {
    std::uint8_t piece[kPiece];
    const std::size_t given = std::min(input.size(), kPiece);
    const std::size_t room = std::min(most, kPiece);
    stream_.next_in = const_cast<std::uint8_t*>(input.data());  // zlib only reads there
    stream_.avail_in = static_cast<uInt>(given);
    stream_.next_out = piece;
    stream_.avail_out = static_cast<uInt>(room);
    const int status = inflate(&stream_, Z_NO_FLUSH);
    input = input.subspan(given - stream_.avail_in);
    output.insert(output.end(), piece, piece + room - stream_.avail_out);
    return status;
  }

  /// Why it failed, in zlib's words.
  std::string reason(int status) const {
    return stream_.msg != nullptr ? stream_.msg : zError(status);
  }

 private:
  z_stream stream_{};
};

/// What is left behind a member, without the zeros that may pad it.
std::span<const std::uint8_t> without_padding(std::span<const std::uint8_t> rest) {
  const auto next = std::find_if(rest.begin(), rest.end(), [](auto byte) { return byte != 0; });
  return rest.subspan(static_cast<std::size_t>(next - rest.begin()));
}

}  // namespace

bool is_gzip(std::span<const std::uint8_t> file) {
  return file.size() >= 2 && file[0] == 0x1f && file[1] == 0x8b;
}

Gunzipped gunzip(const std::string& name, std::span<const std::uint8_t> file, std::size_t most) {
  Inflater inflater;
  Bytes content;
  // exercise 13.3: piece by piece until `most` are there; another member may follow the first
  while (content.size() < most) {
    const int status = inflater.unpack(file, content, most - content.size());
    if (status == Z_BUF_ERROR) return {std::move(content), false};
    if (status == Z_STREAM_END) {
      file = without_padding(file);
      if (file.empty()) return {std::move(content), true};
      inflater.begin_member();
    } else if (status != Z_OK) {
      throw FileError(name, "corrupt gzip: " + inflater.reason(status));
    }
  }
  return {std::move(content), false};
  // end exercise
}

}  // namespace nt

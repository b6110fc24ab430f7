#pragma once
// The IDX format, in which MNIST is published (http://yann.lecun.com/exdb/mnist): an array of
// numbers of one type and any number of axes.
//
//   00 00          always
//   tt             the type of the elements: IdxType
//   rr             the rank: how many axes
//   rr sizes       4 bytes each
//   the elements   row by row
//
// Every number in it, sizes and elements, has its most significant byte first. A file is whatever
// bytes somebody gives us, so a header is not believed: what is read is known to be there, and
// memory grows with what has come, not with what is promised.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/shape.hpp"
#include "gzip.hpp"

namespace nt {

/// The types that elements may have, by the byte that says so.
enum class IdxType : std::uint8_t {
  uint8 = 0x08,
  int8 = 0x09,
  int16 = 0x0B,
  int32 = 0x0C,
  float32 = 0x0D,
  float64 = 0x0E,
};

/// As a reader writes it: "int16".
const char* name(IdxType type);

/// Bytes that one element takes: 1, 2, 4 or 8.
std::size_t element_size(IdxType type);

/// What an IDX file holds: bytes.size() == shape.count() * element_size(type).
struct IdxArray {
  IdxType type;
  Shape shape;
  Bytes bytes;  ///< the elements as they stand in the file, most significant byte first
};

/// An IDX file's content, unpacked, as an array. It depends on the bytes alone; `name` is the file
/// as an error names it. Takes over the bytes of `content` instead of copying them. Throws
/// FileError
///   `x.idx: ends early: an IDX header has 16 bytes, found 9`
///   `x.idx: ends early: header promises 784 bytes, found 783`
///   `x.idx: goes on too long: header promises 784 bytes, and more follow`
///   `x.idx: not an IDX file: it should begin with 00 00, found 89 50`
///   `x.idx: not an IDX file: no elements are of type 0a`
///   `x.idx: header promises more bytes than can be counted: (4294967295, 4294967295)`
IdxArray decode_idx(const std::string& name, Bytes content);

/// The content of an IDX file that may be gzipped: `file` itself where it is not, else what it
/// holds, of which no more is unpacked than the header inside promises, and one byte. Throws
/// FileError, besides decode_idx's and gunzip's,
///   `x.gz: ends early: its gzip checksum is missing`.
Bytes unpack_idx(const std::string& name, std::span<const std::uint8_t> file);

/// The elements as numbers, row by row. A double holds every value of every type exactly.
std::vector<double> numbers(const IdxArray& idx);

}  // namespace nt

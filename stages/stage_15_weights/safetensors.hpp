#pragma once
// The safetensors format (https://github.com/huggingface/safetensors), in which weights are
// published. A file has three parts:
//
//   8 bytes   N, the length of the header, least significant byte first
//   N bytes   the header, JSON: what is where
//               {"__metadata__": {"heads": "4"},
//                "classifier.bias": {"dtype": "F32", "shape": [10], "data_offsets": [0, 40]}, ...}
//             with spaces behind it, so that the numbers begin at a round byte
//   the rest  the numbers, row by row, least significant byte first; offsets count from here
//
// Every byte of the rest belongs to exactly one array, so that nothing hides in a file, and what is
// taken from it is no larger than the file. The format knows other types of numbers too; here all
// are float32, F32.

#include <string>
#include <string_view>

#include "weight_file.hpp"

namespace nt {

/// A file with these arrays, in their order. Throws Error
///   `safetensors: 'classifier.bias' holds nan at 3`
std::string encode_safetensors(const WeightFile& file);

/// What such a file holds, its arrays in the order of their numbers. It depends on `content` alone;
/// `path` is the file as an error calls it. Throws FileError
///   `x: ends early: 8 bytes say how long the header is, found 3`
///   `x: the header should have at most 100000000 bytes, found 5000000000`
///   `x: ends early: the header has 5000 bytes, found 1204`
/// for the header as JsonReader does, and
///   `x: byte 0: the header should begin with '{'`
///   `x: byte 52, classifier.bias/dtype: should be F32, found F16`
///   `x: byte 52, classifier.bias/strides: should be dtype, shape or data_offsets`
///   `x: byte 77, classifier.bias: needs dtype, shape and data_offsets`
/// and as require_name and read_shape do, where bytes count from the header's first; then for the
/// numbers
///   `x: 'classifier.bias' should begin at byte 40, found 36`
///   `x: ends early: 'classifier.bias' is (10), and 36 bytes are left`
///   `x: 'classifier.bias' is (10): it should end at byte 80, found 76`
///   `x: 4 bytes behind the last array`
///   `x: 'classifier.bias' holds nan at 3`
WeightFile decode_safetensors(const std::string& path, std::string_view content);

}  // namespace nt

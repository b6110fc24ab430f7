// IDX content as arrays and numbers, and what is wrong with it. Gzip is checked in gzip_checks.cpp,
// the cache in cache_checks.cpp, images in image_checks.cpp.

#include <cmath>
#include <cstring>
#include <limits>

#include "check/catch.hpp"
#include "core/errors.hpp"
#include "idx_file.hpp"

namespace nt {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Row {
  IdxType type;
  Shape shape;
  Bytes content;  // header and elements
  std::vector<double> values;
};

// Values by hand: whole numbers in two's complement; -2 in float32 is sign 1, exponent 128 and no
// fraction, so c0 00 00 00; 1/2 in float64 is 3f e0 and zeros.
const Row kRows[] = {
    {IdxType::uint8, {3}, {0, 0, 0x08, 1, 0, 0, 0, 3, 0, 127, 255}, {0, 127, 255}},
    {IdxType::int8, {4}, {0, 0, 0x09, 1, 0, 0, 0, 4, 0, 127, 128, 255}, {0, 127, -128, -1}},
    {IdxType::int16,
     {2, 2},
     {0, 0, 0x0B, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 0x7F, 0xFF, 0x80, 0, 0xFF, 0xFE},
     {258, 32767, -32768, -2}},
    {IdxType::int32,
     {1, 3, 1},
     {0, 0, 0x0C, 3, 0, 0, 0,    1, 0, 0, 0,    3,    0,    0,
      0, 1, 1,    2, 3, 4, 0x80, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFE},
     {16909060, -2147483648.0, -2}},
    {IdxType::float32,
     {4},
     {0, 0, 0x0D, 1, 0, 0, 0, 4, 0xC0, 0, 0, 0, 0x3F, 0xC0, 0, 0, 0x7F, 0x80, 0, 0, 0, 0, 0, 1},
     {-2, 1.5, kInfinity, 0x1p-149}},
    {IdxType::float64,
     {2},
     {0, 0, 0x0E, 1, 0, 0, 0, 2, 0x3F, 0xE0, 0, 0, 0, 0, 0, 0, 0xFF, 0xF0, 0, 0, 0, 0, 0, 0},
     {0.5, -kInfinity}},
    {IdxType::uint8, {}, {0, 0, 0x08, 0, 42}, {42}},  // rank 0: one element
    {IdxType::int16, {2, 0}, {0, 0, 0x0B, 2, 0, 0, 0, 2, 0, 0, 0, 0}, {}},
    {IdxType::uint8, {0}, {0, 0, 0x08, 1, 0, 0, 0, 0}, {}},
};

TEST_CASE("a header says the elements' type and the shape", "[stage_13][13.1]") {
  for (const Row& row : kRows) {
    CAPTURE(name(row.type), row.shape);
    const IdxArray idx = decode_idx("x.idx", row.content);
    CHECK(idx.type == row.type);
    CHECK(idx.shape == row.shape);
    const auto header = static_cast<std::ptrdiff_t>(4 + 4 * row.shape.rank());
    CHECK(idx.bytes == Bytes(row.content.begin() + header, row.content.end()));
  }
}

TEST_CASE("sizes have four bytes, the most significant first", "[stage_13][13.1]") {
  Bytes content{0, 0, 8, 2, 0, 1, 2, 3, 0, 0, 0, 1};
  content.resize(content.size() + 0x10203);
  CHECK(decode_idx("x.idx", content).shape == Shape{0x10203, 1});
}

TEST_CASE("an IDX array has up to 255 axes", "[stage_13][13.1]") {
  Bytes content{0, 0, 8, 255};
  for (int axis = 0; axis < 255; ++axis) content.insert(content.end(), {0, 0, 0, 1});
  content.push_back(7);
  const IdxArray idx = decode_idx("x.idx", content);
  CHECK(idx.shape == Shape(std::vector<std::int64_t>(255, 1)));
  CHECK(idx.bytes == Bytes{7});
}

TEST_CASE("a header that ends early is named by how long it is", "[stage_13][13.1]") {
  const Bytes header{0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1};
  for (std::size_t length = 0; length < header.size(); ++length) {
    CAPTURE(length);
    const Bytes cut(header.begin(), header.begin() + static_cast<std::ptrdiff_t>(length));
    CHECK_THROWS_WITH(decode_idx("x.idx", cut), "x.idx: ends early: an IDX header has " +
                                                    std::string(length < 4 ? "4" : "16") +
                                                    " bytes, found " + std::to_string(length));
  }
}

TEST_CASE("too few elements are named, and too many", "[stage_13][13.1]") {
  for (const Row& row : kRows) {
    CAPTURE(name(row.type), row.shape);
    const auto promised = row.values.size() * element_size(row.type);
    Bytes content = row.content;
    content.push_back(0);
    CHECK_THROWS_WITH(decode_idx("x.idx", content), "x.idx: goes on too long: header promises " +
                                                        std::to_string(promised) +
                                                        " bytes, and more follow");
    if (promised == 0) continue;
    content.resize(row.content.size() - 1);
    CHECK_THROWS_WITH(decode_idx("x.idx", content),
                      "x.idx: ends early: header promises " + std::to_string(promised) +
                          " bytes, found " + std::to_string(promised - 1));
  }
}

TEST_CASE("a header is not believed before the bytes are there", "[stage_13][13.1]") {
  // 2^32 - 1 floats of 8 bytes: whoever made room for them would need 32 GB.
  CHECK_THROWS_WITH(decode_idx("x.idx", {0, 0, 0x0E, 1, 255, 255, 255, 255, 1}),
                    "x.idx: ends early: header promises 34359738360 bytes, found 1");
  // 2^63 bytes are one more than can be counted, and a size of 0 elsewhere does not help.
  const Bytes most{0, 0, 0x0E, 2, 0x40, 0, 0, 0, 0x40, 0, 0, 0};
  CHECK_THROWS_WITH(
      decode_idx("x.idx", most),
      "x.idx: header promises more bytes than can be counted: (1073741824, 1073741824)");
  CHECK_THROWS_WITH(
      decode_idx("x.idx", {0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0}),
      "x.idx: header promises more bytes than can be counted: (4294967295, 4294967295, 0)");
  CHECK_THROWS_WITH(
      decode_idx("x.idx", {0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}),
      "x.idx: header promises more bytes than can be counted: "
      "(4294967295, 4294967295, 4294967295)");
}

TEST_CASE("what is no IDX file is named by the bytes that say so", "[stage_13]") {
  CHECK_THROWS_WITH(decode_idx("x.png", {0x89, 0x50, 0x4E, 0x47}),
                    "x.png: not an IDX file: it should begin with 00 00, found 89 50");
  CHECK_THROWS_WITH(decode_idx("x.idx", {0, 1, 8, 1}),
                    "x.idx: not an IDX file: it should begin with 00 00, found 00 01");
  for (const int type : {0x00, 0x07, 0x0A, 0x0F, 0xFF}) {
    CHECK_THROWS_AS(decode_idx("x.idx", {0, 0, static_cast<std::uint8_t>(type), 0, 1}), FileError);
  }
  CHECK_THROWS_WITH(decode_idx("x.idx", {0, 0, 0x0A, 0, 1}),
                    "x.idx: not an IDX file: no elements are of type 0a");
}

TEST_CASE("elements are numbers, most significant byte first", "[stage_13][13.1][13.2]") {
  for (const Row& row : kRows) {
    CAPTURE(name(row.type), row.shape);
    CHECK(numbers(decode_idx("x.idx", row.content)) == row.values);
  }
}

TEST_CASE("numbers of every type are exact", "[stage_13][13.2]") {
  // The largest whole number, the last bit of a double, a negative zero, and NaN.
  CHECK(numbers({IdxType::int32, {1}, {0x7F, 255, 255, 255}}) == std::vector<double>{2147483647});
  const Bytes last_bit{0x3F, 0xF0, 0, 0, 0, 0, 0, 1};
  CHECK(numbers({IdxType::float64, {1}, last_bit})[0] == 1 + 0x1p-52);
  CHECK(std::signbit(numbers({IdxType::float32, {1}, {0x80, 0, 0, 0}})[0]));
  CHECK(std::isnan(numbers({IdxType::float32, {1}, {0x7F, 0xC0, 0, 0}})[0]));
}

TEST_CASE("whatever byte is changed, the content is decoded or refused in one line",
          "[stage_13][13.1]") {
  for (const Row& row : kRows) {
    for (std::size_t place = 0; place < row.content.size(); ++place) {
      for (const int byte : {0, 1, 2, 0x7F, 0x80, 0xFF}) {
        Bytes content = row.content;
        content[place] = static_cast<std::uint8_t>(byte);
        try {
          const IdxArray idx = decode_idx("x.idx", content);
          const auto elements = static_cast<std::size_t>(idx.shape.count());
          CHECK(idx.bytes.size() == elements * element_size(idx.type));
        } catch (const FileError& error) {
          CHECK(std::strncmp(error.what(), "x.idx: ", 7) == 0);
          CHECK(std::strchr(error.what(), '\n') == nullptr);
        }
      }
    }
  }
}

}  // namespace
}  // namespace nt

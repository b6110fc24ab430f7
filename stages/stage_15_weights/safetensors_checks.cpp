// The safetensors format: a file written by hand, byte for byte; and what hostile ones are told.

#include <fmt/format.h>

#include <limits>

#include "check/catch.hpp"
#include "core/errors.hpp"
#include "safetensors.hpp"

namespace nt {
namespace {

using namespace std::string_literals;

constexpr const char* kPair = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                              R"("b":{"dtype":"F32","shape":[],"data_offsets":[8,12]}})";

/// A file with this header, whose length is said to be `length`, or what it is.
std::string file_of(const std::string& header, const std::string& rest = "",
                    std::uint64_t length = std::numeric_limits<std::uint64_t>::max()) {
  if (length == std::numeric_limits<std::uint64_t>::max()) length = header.size();
  std::string content;
  for (int i = 0; i < 8; ++i) content += static_cast<char>(length >> (8 * i) & 0xffU);
  return content + header + rest;
}

void check_refused(const std::string& content, const std::string& expected) {
  CAPTURE(expected);
  CHECK_THROWS_WITH(decode_safetensors("x", content), expected);
}

/// The header of one array `a`.
std::string array_header(const std::string& entry) { return R"({"a":{)" + entry + "}}"; }

TEST_CASE("a file is its header's length, the header, the numbers, least byte first",
          "[stage_15]") {
  const std::string content =
      encode_safetensors({{{"a", {{2}, {1, -2}}}, {"b", {{}, {0.5F}}}}, {}});
  CHECK(content == file_of(kPair + "     "s, "\0\0\x80\x3f\0\0\0\xc0\0\0\0\x3f"s));
}

TEST_CASE("metadata stand in front, and the header fills up to 8 bytes", "[stage_15]") {
  const std::string content = encode_safetensors({{}, {{"heads", "4"}, {"a \"b\"\n", "\xc3\xa9"}}});
  const std::string header =
      R"({"__metadata__":{"a \"b\"\n":")"s + "\xc3\xa9" + R"(","heads":"4"}})";
  CHECK(content == file_of(header + std::string(7 - (header.size() + 7) % 8, ' ')));
}

TEST_CASE("a number that is none is not written", "[stage_15]") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_WITH(encode_safetensors({{{"a", {{2}, {1, nan}}}}, {}}),
                    "safetensors: 'a' holds nan at 1");
}

TEST_CASE("a header that is not there is not looked for", "[stage_15][15.2]") {
  check_refused("abc", "x: ends early: 8 bytes say how long the header is, found 3");
  check_refused("", "x: ends early: 8 bytes say how long the header is, found 0");
  check_refused(file_of("{}", "", 3), "x: ends early: the header has 3 bytes, found 2");
  check_refused(file_of("{}", "", 100'000'001),
                "x: the header should have at most 100000000 bytes, found 100000001");
  check_refused(file_of("{}", "", std::numeric_limits<std::uint64_t>::max() - 1),
                "x: the header should have at most 100000000 bytes, found 18446744073709551614");
}

TEST_CASE("the length's bytes count from the least one on", "[stage_15][15.2]") {
  const std::string header = "{}" + std::string(299, ' ') + "x";  // 302 bytes, 2e 01
  check_refused("\x2e\x01\0\0\0\0\0\0"s + header, "x: byte 301: expected the end, found 'x'");
  check_refused("\x2f\x01\0\0\0\0\0\0"s + header,
                "x: ends early: the header has 303 bytes, found 302");
}

TEST_CASE("a header that is no table of arrays is refused in one line", "[stage_15][15.2]") {
  check_refused(file_of(" {}"), "x: byte 0: the header should begin with '{'");
  check_refused(file_of("[]"), "x: byte 0: the header should begin with '{'");
  check_refused(file_of(""), "x: byte 0: the header should begin with '{'");
  check_refused(file_of("{} x"), "x: byte 3: expected the end, found 'x'");
  check_refused(file_of(R"({"__metadata__":{"heads":4}})"),
                "x: byte 25, __metadata__/heads: expected '\"', found '4'");
  check_refused(file_of(array_header(R"("dtype":"F16","shape":[1],"data_offsets":[0,4])")),
                "x: byte 19, a/dtype: should be F32, found F16");
  check_refused(file_of(array_header(R"("dtype":"F\n32")")),
                "x: byte 21, a/dtype: should be F32, found F?32");
  check_refused(file_of(array_header(R"("strides":[1])")),
                "x: byte 16, a/strides: should be dtype, shape or data_offsets");
  check_refused(file_of(array_header(R"("dtype":"F32","shape":[1])")),
                "x: byte 32, a: needs dtype, shape and data_offsets");
  check_refused(file_of(array_header(R"("data_offsets":[0,4,8])")),
                "x: byte 26, a/data_offsets/2: should be two numbers, found more");
  check_refused(file_of(array_header(R"("data_offsets":[0])")),
                "x: byte 24, a/data_offsets: should be two numbers, found fewer");
  check_refused(file_of(array_header(R"("data_offsets":[-4,0])")),
                "x: byte 24, a/data_offsets/0: expected a whole number, found -4");
  check_refused(file_of(R"({"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"a":1})"),
                "x: byte 57, a: two entries of this name");
}

TEST_CASE("arrays follow one another without gap or overlap", "[stage_15][15.3]") {
  const auto arrays = [](const char* a, const char* b) {
    return fmt::format(R"({{"a":{{"dtype":"F32","shape":[2],"data_offsets":{}}},)"
                       R"("b":{{"dtype":"F32","shape":[1],"data_offsets":{}}}}})",
                       a, b);
  };
  const std::string rest(12, '\0');
  check_refused(file_of(arrays("[0,8]", "[4,8]"), rest), "x: 'b' should begin at byte 8, found 4");
  check_refused(file_of(arrays("[0,8]", "[9,12]"), rest), "x: 'b' should begin at byte 8, found 9");
  check_refused(file_of(arrays("[4,12]", "[4,8]"), rest), "x: 'b' should begin at byte 0, found 4");
  check_refused(file_of(arrays("[0,8]", "[8,16]"), rest),
                "x: 'b' is (1): it should end at byte 12, found 16");
  check_refused(file_of(arrays("[0,8]", "[8,4]"), rest),
                "x: 'b' is (1): it should end at byte 12, found 4");
  check_refused(file_of(arrays("[0,8]", "[8,12]"), rest.substr(1)),
                "x: ends early: 'b' is (1), and 3 bytes are left");
  check_refused(file_of(arrays("[0,8]", "[8,12]"), rest + "\0\0"s),
                "x: 2 bytes behind the last array");
  check_refused(file_of("{}", rest), "x: 12 bytes behind the last array");
}

TEST_CASE("claims that no file can keep cost nothing", "[stage_15][15.3]") {
  const auto claim = [](const char* shape, const char* offsets) {
    return array_header(
        fmt::format(R"("dtype":"F32","shape":{},"data_offsets":{})", shape, offsets));
  };
  // 2^62 numbers are 2^64 bytes, which is 0 where bytes are counted with 64 bits.
  check_refused(file_of(claim("[4611686018427387904]", "[0,0]")),
                "x: ends early: 'a' is (4611686018427387904), and 0 bytes are left");
  check_refused(file_of(claim("[1000000000]", "[0,4000000000]"), "abcd"),
                "x: ends early: 'a' is (1000000000), and 4 bytes are left");
}

TEST_CASE("numbers are the bits that stand in the file", "[stage_15][15.4]") {
  const WeightFile file =
      decode_safetensors("x", file_of(kPair, "\0\0\x80\x3f\x01\0\0\x80\xff\xff\x7f\x7f"s));
  const NamedArrays expected{{"a", {{2}, {1, -std::numeric_limits<float>::denorm_min()}}},
                             {"b", {{}, {std::numeric_limits<float>::max()}}}};
  CHECK(differing(file.arrays, expected) == 0);
  CHECK(file.metadata.empty());
}

TEST_CASE("arrays come in the order of their numbers, empty ones too", "[stage_15][15.4]") {
  const WeightFile file = decode_safetensors(
      "x", file_of(R"({"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},)"
                   R"("none":{"dtype":"F32","shape":[0,5],"data_offsets":[4,4]},)"
                   R"("__metadata__":{"heads":"2"},)"
                   R"("a":{"data_offsets":[0,4],"shape":[1,1],"dtype":"F32"}}  )",
                   "\0\0\x80\x3f\0\0\0\x40"s));
  const NamedArrays expected{{"a", {{1, 1}, {1}}}, {"none", {{0, 5}, {}}}, {"b", {{1}, {2}}}};
  CHECK(differing(file.arrays, expected) == 0);
  CHECK(file.metadata == Metadata{{"heads", "2"}});
}

TEST_CASE("numbers that are none are refused with their place", "[stage_15][15.4]") {
  check_refused(file_of(kPair, "\0\0\x80\x3f\0\0\xc0\x7f\0\0\0\0"s), "x: 'a' holds nan at 1");
  check_refused(file_of(kPair, "\0\0\x80\x3f\0\0\0\0\0\0\x80\xff"s), "x: 'b' holds -inf at 0");
}

}  // namespace
}  // namespace nt

// The reader of JSON: what it takes, what it refuses and how it says so; and numbers to the last
// bit.

#include <fmt/format.h>

#include <bit>
#include <cmath>

#include "check/catch.hpp"
#include "core/errors.hpp"
#include "core/random.hpp"
#include "json_reader.hpp"
#include "weight_json.hpp"

namespace nt {
namespace {

/// What is wrong with a text, or "right".
std::string verdict(std::string_view text) try {
  JsonReader json("x", text);
  json.skip();
  json.end();
  return "right";
} catch (const FileError& error) {
  return error.what();
}

std::string string_in(std::string_view text) { return JsonReader("x", text).string(); }

template <class Number>
Number number_in(std::string_view text) {
  JsonReader json("x", text);
  const Number number = json.number<Number>();
  json.end();
  return number;
}

std::uint32_t bits(float value) { return std::bit_cast<std::uint32_t>(value); }

TEST_CASE("texts that follow RFC 8259 are read, whatever stands in them", "[stage_15]") {
  for (const char* text :
       {"{}", "[]", " [ 1 , 2 ] ", "\t{\"a\":\r\n1}", "\"\"", "true", "false", "null", "0", "-0",
        "-1.25e-3", "1E+05", "123456789012345678901234567890", "[[[[[]]]]]",
        R"({"a": {"b": [{}, []]}, "a": 2})", "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\x7f\""}) {
    CAPTURE(text);
    CHECK(verdict(text) == "right");
  }
}

TEST_CASE("texts that do not are refused with the byte and what stands there", "[stage_15]") {
  const std::pair<std::string, std::string> rows[] = {
      {"", "x: byte 0: expected a number, found the end"},
      {"{", "x: byte 1, : expected '\"', found the end"},
      {"[1,]", "x: byte 3, 1: expected a number, found ']'"},
      {"[1 2]", "x: byte 3: expected ',' or ']', found '2'"},
      {"{\"a\" 1}", "x: byte 5, a: expected ':', found '1'"},
      {"{\"a\": 1 \"b\"}", "x: byte 8: expected ',' or '}', found '\"'"},
      {"{a: 1}", "x: byte 1, : expected '\"', found 'a'"},
      {"[01]", "x: byte 2: expected ',' or ']', found '1'"},
      {"[+1]", "x: byte 1, 0: expected a number, found '+'"},
      {"[1.]", "x: byte 3, 0: expected a number, found ']'"},
      {"[.5]", "x: byte 1, 0: expected a number, found '.'"},
      {"[1e]", "x: byte 3, 0: expected a number, found ']'"},
      {"[-]", "x: byte 2, 0: expected a number, found ']'"},
      {"NaN", "x: byte 0: expected a number, found 'N'"},
      {"[tru]", "x: byte 1, 0: expected a value, found 't'"},
      {"{} x", "x: byte 3: expected the end, found 'x'"},
      {"\"abc", "x: byte 4: expected the end of a string"},
      {"\"a\nb\"", "x: byte 2: byte 0x0a in a string"},
      {R"("\x")", "x: byte 1: wrong escape"},
      {R"("\)", "x: byte 1: wrong escape"},
      {R"("\u12g4")", "x: byte 3: wrong escape"},
      {R"("\ud83d")", "x: byte 7: wrong escape"},
      {R"("\ud83d\u0041")", "x: byte 13: wrong escape"},
      {R"("\ude00")", "x: byte 7: wrong escape"},
      {"\"\xc3\x28\"", "x: byte 1: not UTF-8"},          // the second byte continues nothing
      {"\"\xc0\xaf\"", "x: byte 1: not UTF-8"},          // a longer form of what has a shorter
      {"\"\xed\xa0\x80\"", "x: byte 1: not UTF-8"},      // half of a pair
      {"\"\xf4\x90\x80\x80\"", "x: byte 1: not UTF-8"},  // beyond the last character
      {"\"\xf0\x9f\x98", "x: byte 1: not UTF-8"},        // cut
      {"\"\xff\"", "x: byte 1: not UTF-8"}};
  for (const auto& [text, expected] : rows) {
    CAPTURE(text);
    CHECK(verdict(text) == expected);
  }
}

TEST_CASE("escapes mean what RFC 8259 says, pairs of them one character", "[stage_15]") {
  CHECK(string_in(R"("\"\\\/\b\f\n\r\t")") == "\"\\/\b\f\n\r\t");
  CHECK(string_in(R"("A\u00e9\u20ac\ud83d\ude00")") == "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
  CHECK(string_in(R"("\u0000")") == std::string(1, '\0'));
}

TEST_CASE("a text that nests without end is refused, and takes no stack", "[stage_15]") {
  CHECK(verdict(std::string(32, '[') + std::string(32, ']')) == "right");
  CHECK_THAT(verdict(std::string(1'000'000, '[')),
             Catch::Contains("byte 33, ") && Catch::EndsWith(": more than 32 levels deep"));
}

TEST_CASE("an error names the way, on one line, however the keys look", "[stage_15]") {
  JsonReader json("x", R"({"weights": {"a\nb\u001b": {"values": [1, true]}}})");
  const auto read = [&] {
    json.object([&](const std::string&) {
      json.object([&](const std::string&) {
        json.object([&](const std::string&) { json.array([&] { json.number<float>(); }); });
      });
    });
  };
  CHECK_THROWS_WITH(read(), "x: byte 42, weights/a?b?/values/1: expected a number, found 't'");
}

TEST_CASE("two entries of one name are an error", "[stage_15]") {
  JsonReader json("x", R"({"a": 1, "b": 2, "a": 3})");
  CHECK_THROWS_WITH(json.object([&](const std::string&) { json.skip(); }),
                    "x: byte 20, a: two entries of this name");
}

TEST_CASE("a float has the bits of the nearest one, rounded once", "[stage_15][15.1]") {
  CHECK(bits(number_in<float>("0.1")) == bits(0.1F));
  CHECK(bits(number_in<float>("-0")) == bits(-0.0F));
  CHECK(bits(number_in<float>("16777217")) == bits(16777216.0F));
  CHECK(bits(number_in<float>("1e-45")) == 1);
  CHECK(bits(number_in<float>("3.4028235e38")) == 0x7f7fffff);
  // Just below the middle of two floats; the nearest double is the middle, which goes to the even
  // one.
  CHECK(bits(number_in<float>("1.00000017881393432617187499")) == bits(1.00000012F));
  // Of all positive floats' shortest digits the only ones that a double would spoil.
  CHECK(bits(number_in<float>("7.038531e-26")) == 0x15ae43fd);
}

TEST_CASE("the shortest digits of a float lead back to its bits", "[stage_15][15.1]") {
  Random random(1);
  for (int i = 0; i < 20'000; ++i) {
    const auto pattern = static_cast<std::uint32_t>(random.next());
    const auto value = std::bit_cast<float>(pattern);
    if (!std::isfinite(value)) continue;
    REQUIRE(bits(number_in<float>(fmt::format("{}", value))) == pattern);
  }
}

TEST_CASE("whole numbers and doubles are exact up to their limits", "[stage_15][15.1]") {
  CHECK(number_in<std::uint64_t>("18446744073709551615") == 18446744073709551615U);
  CHECK(number_in<std::int64_t>("-9223372036854775808") ==
        std::numeric_limits<std::int64_t>::min());
  CHECK(number_in<double>("0.1") == 0.1);
}

TEST_CASE("what a number's type cannot hold is refused", "[stage_15][15.1]") {
  CHECK_THROWS_WITH(number_in<float>("1e39"), "x: byte 4: expected a float, found 1e39");
  CHECK_THROWS_WITH(number_in<float>("1e-60"), "x: byte 5: expected a float, found 1e-60");
  CHECK_THROWS_WITH(number_in<double>(std::string(400, '9')),
                    "x: byte 400: expected a double, found " + std::string(60, '9') + "...");
  CHECK_THROWS_WITH(number_in<std::int64_t>("2.5"),
                    "x: byte 3: expected a whole number, found 2.5");
  CHECK_THROWS_WITH(number_in<std::int64_t>("9223372036854775808"),
                    "x: byte 19: expected a whole number, found 9223372036854775808");
  CHECK_THROWS_WITH(number_in<std::uint64_t>("-1"), "x: byte 2: expected a whole number, found -1");
  CHECK_THROWS_WITH(number_in<float>(std::string(100, '9') + "e0"),
                    "x: byte 102: expected a float, found " + std::string(60, '9') + "...");
}

TEST_CASE("weights are read from JSON with their sizes, whatever else is there",
          "[stage_15][15.1]") {
  const WeightFile file = decode_weight_json("x", R"({"format": ["whatever", null],
    "sizes": {"heads": 4}, "training": {"step": 3}, "note": {"step": [true]},
    "weights": {"b": {"values": [0.1, -0], "shape": [2]}, "a": {"shape": [], "values": [7]}}})");
  CHECK(file.metadata == Metadata{{"heads", "4"}, {"step", "3"}});
  const NamedArrays expected{{"b", {{2}, {0.1F, -0.0F}}}, {"a", {{}, {7}}}};
  CHECK(differing(file.arrays, expected) == 0);
}

TEST_CASE("JSON that is no file of weights is refused in one line", "[stage_15][15.1]") {
  const std::pair<const char*, const char*> rows[] = {
      {"{}", "x: byte 2: needs weights"},
      {"[]", "x: byte 0: expected '{', found '['"},
      {R"({"weights": {}} 1)", "x: byte 16: expected the end, found '1'"},
      {R"({"weights": {"a": {"shape": [1]}}})", "x: byte 32, weights/a: needs shape and values"},
      {R"({"weights": {"a": {"shape": [1], "values": [1], "dtype": 1}}})",
       "x: byte 56, weights/a/dtype: should be shape or values"},
      {R"({"weights": {"a": {"shape": [2, 2], "values": [1, 2, 3]}}})",
       "x: byte 56, weights/a: (2, 2) is 4 values, found 3"},
      {R"({"weights": {"a": {"shape": [1], "values": [NaN]}}})",
       "x: byte 44, weights/a/values/0: expected a number, found 'N'"},
      {R"({"weights": {"a b": {"shape": [1], "values": [1]}}})",
       "x: byte 19, weights/a b: a name should be 1 to 200 letters, digits and signs"},
      {R"({"weights": {"a": {"shape": [-1], "values": []}}})",
       "x: byte 32, weights/a/shape: shape: negative size: (-1)"},
      {R"({"weights": {"a": {"shape": [1,1,1,1,1,1,1,1,1], "values": [1]}}})",
       "x: byte 45, weights/a/shape/8: more than 8 axes"},
      {R"({"weights": {"a": {"shape": [4294967296, 4294967296], "values": []}}})",
       "x: byte 52, weights/a/shape: shape: too many elements to count: (4294967296, 4294967296)"},
      {R"({"training": {"steps": 3}})",
       "x: byte 22, training/steps: should be step, images, epoch_loss, place or optimizer"},
      {R"({"training": {"place": {"bach": 3}}})",
       "x: byte 31, training/place/bach: should be epoch, batch or generator"},
      {R"({"training": {"place": {"generator": -3}}})",
       "x: byte 39, training/place/generator: expected a whole number, found -3"},
      {R"({"training": {"optimizer": {"lr": 3}}})",
       "x: byte 33, training/optimizer/lr: should be name, steps or buffers"}};
  for (const auto& [text, expected] : rows) {
    CAPTURE(text);
    CHECK_THROWS_WITH(decode_weight_json("x", text), expected);
  }
}

}  // namespace
}  // namespace nt

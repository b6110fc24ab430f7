// Any bytes are JSON weights or a FileError on one line; what is JSON to us is JSON to nlohmann's
// parser and the other way round; and weights that were read are written and read again to the last
// bit.

#include <nlohmann/json.hpp>

#include "core/errors.hpp"
#include "require.hpp"
#include "weight_json.hpp"

namespace {

using Json = nlohmann::ordered_json;

/// What is wrong with a text as JSON, or nothing.
std::string problem(std::string_view text) try {
  nt::JsonReader json("x", text);
  json.skip();
  json.end();
  return "";
} catch (const nt::FileError& error) {
  return error.what();
}

/// nlohmann's takes a 0 for the end of the text and passes over a byte order mark; RFC 8259 does
/// not.
void compare_with_nlohmann(std::string_view text) {
  if (text.find('\0') != std::string_view::npos || text.starts_with("\xef\xbb\xbf")) return;
  const std::string problem_here = problem(text);
  if (problem_here.find("levels deep") != std::string::npos) return;  // our own limit
  bool right = true;
  try {
    const Json parsed = Json::parse(text);
  } catch (const Json::out_of_range&) {
    return;  // a number beyond a double, which is no mistake of the text's
  } catch (const Json::parse_error&) {
    right = false;
  }
  nt::require(problem_here.empty() == right);
}

std::string text_of(const nt::NamedArrays& weights) {
  Json text{{"weights", Json::object()}};
  for (const auto& [name, array] : weights) {
    text["weights"][name] = {{"shape", array.shape.sizes()}, {"values", array.values}};
  }
  return text.dump();
}

}  // namespace

// libFuzzer calls it by this name. NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  compare_with_nlohmann(text);
  try {
    const nt::NamedArrays weights = nt::decode_weight_json("x", text).arrays;
    nt::require(differing(nt::decode_weight_json("x", text_of(weights)).arrays, weights) == 0);
  } catch (const nt::FileError& error) {
    nt::require(std::string_view(error.what()).find('\n') == std::string_view::npos);
  }
  return 0;
}

#include "json_reader.hpp"

#include <fmt/format.h>

#include <charconv>
#include <set>
#include <type_traits>

#include "core/errors.hpp"
#include "utf8.hpp"

namespace nt {
namespace {

constexpr std::size_t kDeepest = 32;  // levels: each takes some of the stack

template <class Number>
const char* kind_of() {
  if (std::is_integral_v<Number>) return "a whole number";
  return std::is_same_v<Number, float> ? "a float" : "a double";
}

}  // namespace

JsonReader::JsonReader(std::string name, std::string_view text)
    : name_(std::move(name)), text_(text) {
  at_ = first_not_utf8(text);
  if (at_ < text.size()) fail("not UTF-8");
  at_ = 0;
}

void JsonReader::fail(const std::string& reason) const {
  std::string where = fmt::format("byte {}", at_);
  for (std::size_t i = 0; i < place_.size(); ++i) {
    where += (i == 0 ? ", " : "/") + one_line(place_[i]);
  }
  throw FileError(name_, where + ": " + reason);
}

std::string JsonReader::found() {
  if (at_ == text_.size()) return "the end";
  const char next = text_[at_];
  const bool printable = next >= ' ' && next <= '~';
  return printable ? fmt::format("'{}'", next)
                   : fmt::format("byte 0x{:02x}", static_cast<unsigned char>(next));
}

/// The next byte that is no space; 0 at the end.
char JsonReader::peek() {
  while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != text_.npos) ++at_;
  return at_ < text_.size() ? text_[at_] : '\0';
}

/// Goes past `wanted` if it is next.
bool JsonReader::take(char wanted) {
  if (peek() != wanted) return false;
  ++at_;
  return true;
}

void JsonReader::require(char wanted) {
  if (!take(wanted)) fail(fmt::format("expected '{}', found {}", wanted, found()));
}

/// first member, member, ... last
void JsonReader::list(char first, char last, const std::function<void()>& member) {
  require(first);
  if (place_.size() == kDeepest) fail(fmt::format("more than {} levels deep", kDeepest));
  if (take(last)) return;
  place_.emplace_back();
  do {
    member();
  } while (take(','));
  place_.pop_back();
  if (!take(last)) fail(fmt::format("expected ',' or '{}', found {}", last, found()));
}

void JsonReader::object(const std::function<void(const std::string& key)>& entry) {
  std::set<std::string> keys;
  list('{', '}', [&] {
    place_.back().clear();
    const std::string key = string();
    place_.back() = key;
    if (!keys.insert(key).second) fail("two entries of this name");
    require(':');
    entry(key);
  });
}

void JsonReader::array(const std::function<void()>& element) {
  std::size_t position = 0;
  list('[', ']', [&] {
    place_.back() = std::to_string(position++);
    element();
  });
}

std::string JsonReader::string() {
  require('"');
  std::string text;
  while (at_ < text_.size() && text_[at_] != '"') {
    if (static_cast<unsigned char>(text_[at_]) < 0x20) fail(found() + " in a string");
    if (text_[at_] == '\\') {
      escape(text);
    } else {
      text += text_[at_++];
    }
  }
  if (at_ == text_.size()) fail("expected the end of a string");
  ++at_;
  return text;
}

/// What follows a backslash, which is next.
void JsonReader::escape(std::string& text) {
  constexpr std::string_view kEscapes = R"("\/bfnrt)";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  const char letter = text_.substr(at_ + 1, 1).empty() ? '\0' : text_[at_ + 1];
  const std::size_t known = kEscapes.find(letter);
  if (known == kEscapes.npos && letter != 'u') fail("wrong escape");
  at_ += 2;
  if (letter != 'u') {
    text += kMeanings[known];
    return;
  }
  std::uint32_t character = hex_digits();
  if (character >= 0xd800 && character < 0xdc00) {  // the first half of a pair
    if (text_.substr(at_, 2) != "\\u") fail("wrong escape");
    at_ += 2;
    const std::uint32_t second = hex_digits();
    if (second < 0xdc00 || second > 0xdfff) fail("wrong escape");
    character = 0x10000 + ((character - 0xd800) << 10U) + (second - 0xdc00);
  } else if (character >= 0xdc00 && character < 0xe000) {
    fail("wrong escape");
  }
  text += utf8(character);
}

std::uint32_t JsonReader::hex_digits() {
  std::uint32_t value = 0;
  const std::string_view digits = text_.substr(at_, 4);
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc() || end != digits.data() + 4) fail("wrong escape");
  at_ += 4;
  return value;
}

bool JsonReader::take_digits() {
  const std::size_t first = at_;
  while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
  return at_ > first;
}

/// -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?
std::string_view JsonReader::number_text() {
  peek();
  const std::size_t first = at_;
  const auto take_one_of = [&](std::string_view letters) {
    const bool taken = at_ < text_.size() && letters.find(text_[at_]) != letters.npos;
    if (taken) ++at_;
    return taken;
  };
  take_one_of("-");
  bool right = take_one_of("0") || take_digits();
  if (right && take_one_of(".")) right = take_digits();
  if (right && take_one_of("eE")) {
    take_one_of("+-");
    right = take_digits();
  }
  if (!right) fail("expected a number, found " + found());
  return text_.substr(first, at_ - first);
}

template <class Number>
Number JsonReader::number() {
  const std::string_view text = number_text();
  if (const auto value = parse_number<Number>(text)) return *value;
  fail(fmt::format("expected {}, found {}", kind_of<Number>(), one_line(text)));
}

template float JsonReader::number();
template double JsonReader::number();
template std::int64_t JsonReader::number();
template std::uint64_t JsonReader::number();

void JsonReader::literal(std::string_view word) {
  if (text_.substr(at_, word.size()) != word) fail("expected a value, found " + found());
  at_ += word.size();
}

void JsonReader::skip() {
  switch (peek()) {
    case '{':
      return list('{', '}', [&] {
        place_.back() = string();
        require(':');
        skip();
      });
    case '[': return array([&] { skip(); });
    case '"': string(); return;
    case 't': return literal("true");
    case 'f': return literal("false");
    case 'n': return literal("null");
    default: number_text();
  }
}

void JsonReader::end() {
  peek();
  if (at_ < text_.size()) fail("expected the end, found " + found());
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  // exercise 15.1: straight to a Number: by way of a double a float would be rounded twice
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
  // end exercise
}

template std::optional<float> parse_number(std::string_view);
template std::optional<double> parse_number(std::string_view);
template std::optional<std::int64_t> parse_number(std::string_view);
template std::optional<std::uint64_t> parse_number(std::string_view);

std::string one_line(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  std::string line(text.substr(0, kLongest));
  for (char& letter : line) {
    if (letter < ' ' || letter > '~') letter = '?';
  }
  return text.size() > kLongest ? line + "..." : line;
}

}  // namespace nt

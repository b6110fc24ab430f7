#pragma once
// Reads a JSON text (RFC 8259) that somebody else wrote, once, from front to back. Whoever reads
// says what should come next; anything else is refused in one line that says where it stands. Three
// things are asked of it that a reader into a tree does not give: no text costs more memory than
// what is taken from it, two equal keys are an error, and a number becomes a float in one rounding.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nt {

/// Every function reads one value and what spaces stand before it. Throws FileError with the byte
/// and the way that leads there, from key to key:
///   `w.json: byte 812, weights/classifier.bias/values/3: expected a number, found 'N'`
///   `w.json: byte 0: expected '{', found the end`
class JsonReader {
 public:
  /// `name` is the file as an error calls it. The text must live as long as the reader. Throws
  ///   `w.json: byte 3: not UTF-8`.
  JsonReader(std::string name, std::string_view text);

  /// An object. Calls `entry` with every key, in their order; `entry` reads the value. Throws
  ///   `w.json: byte 9, weights/a: two entries of this name`
  ///   `w.json: byte 64: more than 32 levels deep`
  void object(const std::function<void(const std::string& key)>& entry);

  /// An array. Calls `element` for every element, which it reads.
  void array(const std::function<void()>& element);

  /// A string, its escapes made characters. Throws
  ///   `w.json: byte 5, a: expected the end of a string`
  ///   `w.json: byte 5, a: wrong escape`
  ///   `w.json: byte 5, a: byte 0x0a in a string`
  std::string string();

  /// The number as parse_number gives it: a float, double, std::int64_t or std::uint64_t. Throws
  ///   `w.json: byte 5, a: expected a float, found 1e39`, or a double
  ///   `w.json: byte 5, a: expected a whole number, found 2.5`
  template <class Number>
  Number number();

  /// Any value, and all that is in it.
  void skip();

  /// Throws  `w.json: byte 90: expected the end, found '}'`  unless nothing but spaces is left.
  void end();

  /// Refuses what was read last: throws FileError with `reason` behind the place.
  [[noreturn]] void fail(const std::string& reason) const;

 private:
  char peek();
  bool take(char wanted);
  void require(char wanted);
  void literal(std::string_view word);
  void list(char first, char last, const std::function<void()>& member);
  bool take_digits();
  std::string_view number_text();
  std::string found();
  void escape(std::string& text);
  std::uint32_t hex_digits();

  std::string name_;
  std::string_view text_;
  std::size_t at_ = 0;              // the next byte
  std::vector<std::string> place_;  // the keys and positions that lead here
};

/// The number that all of `text` is, rounded once to the nearest that `Number` holds, one of
/// JsonReader::number's types. Nothing where the text is no number, where the number is beyond what
/// `Number` holds, and where it would be rounded to 0.
template <class Number>
std::optional<Number> parse_number(std::string_view text);

/// A piece of a file as an error shows it: its first 60 characters, with `?` for those that could
/// not stand in a line of ASCII.
std::string one_line(std::string_view text);

}  // namespace nt

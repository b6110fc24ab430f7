#pragma once
// Reads XML as far as a test report needs it, while it is being written: tags, their attributes and
// the text between them. It takes bytes as they come from a pipe, in pieces that may end anywhere.

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace nt {

struct Tag {
  std::string name;  ///< "TestCase"; "/TestCase" for the one that ends it
  std::map<std::string, std::string> attributes;
  bool is_empty = false;  ///< <Tag/>, which ends at once
  std::string text;       ///< what stands between the tag before and this one
};

/// `a &lt; b` -> `a < b`: the five names that XML has, and numbers of up to two hexadecimal digits,
/// `&#x1b;`. Anything else stays as it is.
std::string without_entities(std::string_view text);

class TagReader {
 public:
  /// Takes in what has come.
  void feed(std::string_view bytes) { waiting_ += bytes; }

  /// The next tag that is there as a whole; nothing until more has come. A '>' inside an
  /// attribute's quotes ends no tag.
  std::optional<Tag> next();

 private:
  std::string waiting_;
};

}  // namespace nt

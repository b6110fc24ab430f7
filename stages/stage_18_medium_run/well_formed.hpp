#pragma once
// For checks: whether a page is written as XML would be, so that any reader takes it apart.

#include <string>
#include <vector>

#include "tags.hpp"

namespace nt {

/// The first tag that ends what has not begun, or begins what does not end; empty where all fit.
inline std::string first_stray_tag(const std::string& page) {
  TagReader reader;
  reader.feed(page);
  std::vector<std::string> open;
  while (const std::optional<Tag> tag = reader.next()) {
    if (tag->is_empty || tag->name.starts_with('!')) continue;
    if (!tag->name.starts_with('/')) {
      open.push_back(tag->name);
    } else if (open.empty() || '/' + open.back() != tag->name) {
      return tag->name;
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : open.back();
}

/// How often a part stands in the text.
inline int count_of(const std::string& part, const std::string& text) {
  int count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

}  // namespace nt
